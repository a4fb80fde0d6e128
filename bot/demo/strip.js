// The strip beside the demo's chat: what waits for a decision, and a calendar that moves time. All of it happens on the server.
const strip = document.querySelector("#strip");

function element(name, attributes = {}, ...inside) {
  const made = document.createElement(name);
  Object.assign(made, attributes);
  made.append(...inside);
  return made;
}

function button(label, action) {
  const made = element("button", { type: "button" }, label);
  made.addEventListener("click", async () => {
    for (const other of strip.querySelectorAll("button")) other.disabled = true;
    await fetch("/demo/act", { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(action) });
    if (action.family) location.reload();
    await draw();
  });
  return made;
}

let last = "";
async function draw() {
  const answer = await fetch("/demo/state");
  if (!answer.ok) return;
  const text = await answer.text();
  if (text === last && !strip.querySelector("button:disabled")) return;
  last = text;
  const state = JSON.parse(text);
  const parts = state.sections.flatMap((section) => [
    element("h2", {}, section.title),
    ...section.words.map((words) => element("p", {}, words)),
    ...section.cards.map((card) => {
      const row = element("div", { className: "row" }, ...card.buttons.map((one) => button(one.label, one.action)));
      return card.title ? element("div", { className: "card" }, card.title, row) : row;
    }),
  ]);
  strip.replaceChildren(...parts);
}

draw();
setInterval(() => { if (document.visibilityState === "visible") draw(); }, 2000);
