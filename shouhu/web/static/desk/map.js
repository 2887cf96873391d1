/* Starts the maps of a page: areas and points from GeoJSON, no tiles. Until it has them, the server's drawing stays. */

const SHAPES = { red: "■", orange: "◆", yellow: "▲", green: "●", unknown: "○", decide: "◇" };

function card({ label, note, url }) {
  const box = document.createElement("div");
  const name = document.createElement(url ? "a" : "b");
  name.textContent = label;
  if (url) name.href = url;
  box.append(name);
  if (note) box.append(document.createElement("br"), note);
  return box;
}

function point({ properties }, place) {
  const icon = document.createElement("span");
  icon.textContent = SHAPES[properties.colour];
  const className = `map-pin colour-${properties.colour}`;
  return L.marker(place, {
    icon: L.divIcon({ html: icon, className, iconSize: [18, 18] }), title: properties.label, alt: properties.label,
  });
}

async function start(box) {
  const answer = await fetch(box.dataset.map, { headers: { Accept: "application/json" } });
  if (!answer.ok) return;
  const shapes = await answer.json();
  const view = box.parentElement;
  view.hidden = false;
  view.nextElementSibling.hidden = true;
  const map = L.map(box, { attributionControl: false, zoomSnap: 0, scrollWheelZoom: false });
  map.zoomControl.setPosition("topright");
  const layer = L.geoJSON(shapes, {
    pointToLayer: point,
    style: ({ properties }) => ({ className: `map-area map-step-${properties.step ?? 0}` }),
    onEachFeature(feature, drawn) {
      drawn.bindPopup(card(feature.properties));
      if (feature.geometry.type === "Point") return;
      const label = document.createElement("span");
      label.textContent = feature.properties.label;
      drawn.bindTooltip(label, { permanent: true, direction: "center", className: "map-label" });
    },
  }).addTo(map);
  map.fitBounds(layer.getBounds(), { padding: [8, 8], maxZoom: 14 }); // a single point has no extent
}

document.querySelectorAll("[data-map]").forEach((box) => start(box).catch(() => {}));
