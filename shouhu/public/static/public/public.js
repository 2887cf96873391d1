// Improvements only; every page works without them. Nothing is sent and nothing is loaded from here.
"use strict";

// --- how the page looks: switched at once, so that chosen files stay chosen

const root = document.documentElement;
for (const button of document.querySelectorAll("[data-look]")) {
  button.addEventListener("click", (event) => {
    event.preventDefault();
    const isOn = root.classList.toggle(button.dataset.look);
    button.setAttribute("aria-pressed", String(isOn));
    const secure = location.protocol === "https:" ? "; secure" : "";
    const look = ["large", "contrast"].filter((one) => root.classList.contains(one)).join("-");
    document.cookie = `look=${look}; path=/; samesite=strict${secure}`;
  });
}

// --- reading aloud

const reader = document.getElementById("read");
if ("speechSynthesis" in window) {
  const says = reader.textContent;
  const rest = () => { reader.textContent = says; reader.setAttribute("aria-pressed", "false"); };
  const told = () => [...document.querySelectorAll("main h1, main h2, main p, main li, main label, main legend, main time, main button")]
    .filter((one) => one.offsetParent && !one.querySelector("p, li, label, legend"))
    .map((one) => (one.id === "receipt" ? [...one.textContent.replace(/\s/g, "")].join(" ") : one.textContent.trim().replace(/\s+/g, " ")))
    .filter(Boolean);
  reader.hidden = false;
  rest();
  reader.addEventListener("click", () => {
    if (speechSynthesis.speaking) { speechSynthesis.cancel(); rest(); return; }
    const lines = told();
    lines.forEach((line, place) => {
      const said = new SpeechSynthesisUtterance(line);
      said.lang = root.lang.startsWith("zh") ? "zh-CN" : root.lang;
      said.rate = 0.85;
      if (place === lines.length - 1) said.onend = rest;
      speechSynthesis.speak(said);
    });
    reader.textContent = reader.dataset.stop;
    reader.setAttribute("aria-pressed", "true");
  });
  addEventListener("pagehide", () => speechSynthesis.cancel());
}

// --- printing the receipt; a warning before a receipt must be typed again; one press is enough

const print = document.getElementById("print");
if (print) { print.hidden = false; print.addEventListener("click", () => window.print()); }

const ends = document.getElementById("ends");
if (ends) setTimeout(() => { document.getElementById("ending").hidden = false; }, (ends.dataset.seconds - 300) * 1000);

for (const form of document.forms) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "1";
    setTimeout(() => { delete form.dataset.sent; }, 5000);
  });
}

// --- a voice recording, where the browser can make one (https only)

const recorder = document.getElementById("recorder");
const kind = ["audio/mp4", "audio/webm"].find((one) => window.MediaRecorder && MediaRecorder.isTypeSupported(one));
if (recorder && kind && navigator.mediaDevices) {
  const button = recorder.querySelector("button"), lamp = recorder.querySelector("[role=status]");
  const field = document.getElementById("sounds");
  let running = null;
  const show = (label, told) => { button.textContent = button.dataset[label]; lamp.textContent = told; };
  const keep = (parts, tracks) => {
    tracks.forEach((one) => one.stop());
    const held = new DataTransfer();
    held.items.add(new File(parts, kind === "audio/mp4" ? "recording.m4a" : "recording.webm", { type: kind }));
    field.files = held.files;
    running = null;
    show("drop", lamp.dataset.done);
  };
  const begin = async () => {
    const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
    const parts = [];
    running = new MediaRecorder(stream, { mimeType: kind, audioBitsPerSecond: 32000 });
    running.ondataavailable = (event) => parts.push(event.data);
    running.onstop = () => keep(parts, stream.getTracks());
    running.start();
    show("stop", lamp.dataset.running);
  };
  recorder.hidden = false;
  field.closest("p").hidden = true;
  show("start", "");
  button.addEventListener("click", () => {
    if (running) running.stop();
    else if (field.files.length) { field.value = ""; show("start", ""); }
    else begin().catch(() => { recorder.hidden = true; field.closest("p").hidden = false; lamp.textContent = lamp.dataset.no; });
  });
}
