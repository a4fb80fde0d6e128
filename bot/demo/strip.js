// The strip beside the demo's chat: what waits for a decision in the office, and a calendar that moves time. All of it happens on the server.
const strip = document.querySelector("#strip");

function element(name, attributes = {}, ...inside) {
  const made = document.createElement(name);
  Object.assign(made, attributes);
  made.append(...inside);
  return made;
}

function button(label, { action, href }) {
  if (href) return element("a", { href, target: "office" }, label);
  const made = element("button", { type: "button" }, label);
  made.addEventListener("click", async () => {
    busy = true;
    for (const other of strip.querySelectorAll("button")) other.disabled = true;
    made.textContent = `${label} …`;
    await fetch("/demo/act", { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(action) });
    busy = false;
    if (action.family) location.reload();
    last = "";
    await draw();
  });
  return made;
}

let last = "";
let busy = false;
async function draw() {
  const answer = await fetch("/demo/state");
  if (!answer.ok) return;
  const text = await answer.text();
  const state = JSON.parse(text);
  if (busy) {  // the days go by
    for (const [at, title] of strip.querySelectorAll("h2").entries()) title.textContent = state.sections[at].title;
    return;
  }
  if (text === last) return;
  last = text;
  const parts = state.sections.flatMap((section) => [
    element("h2", {}, section.title),
    ...section.words.map((words) => element("p", {}, words)),
    ...section.cards.map((card) => {
      const row = element("div", { className: "row" }, ...card.buttons.map((one) => button(one.label, one)));
      return card.title ? element("div", { className: "card" }, card.title, row) : row;
    }),
  ]);
  strip.replaceChildren(...parts);
}

draw();
setInterval(() => { if (document.visibilityState === "visible") draw(); }, 2000);
