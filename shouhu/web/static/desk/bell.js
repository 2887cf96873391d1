/* The number beside 通知, asked for again every minute while somebody looks at the page. Pages show it without this, too. */

const MINUTE = 60_000;
const bell = document.querySelector("[data-bell]");
let asked = Date.now();

async function ask() {
  if (document.visibilityState !== "visible" || Date.now() - asked < MINUTE) return;
  asked = Date.now();
  // The header says that nobody sits there because of this: it must not keep a session alive.
  const answer = await fetch(bell.dataset.bell, { headers: { "X-Background": "1" }, redirect: "manual" }).catch(() => null);
  if (!answer?.ok) return;
  const { n } = await answer.json();
  const count = bell.querySelector(".count");
  count.textContent = n > 99 ? "99+" : n;
  count.hidden = n === 0;
}

if (bell) {
  setInterval(ask, MINUTE / 4);
  document.addEventListener("visibilitychange", ask);
}
