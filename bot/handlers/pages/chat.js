// The page's whole behaviour: show the transcript as it comes, post what is said. No state but what the server sends.
const script = document.querySelector("script[src$='chat.js']");
const log = document.querySelector("#log");
const form = document.querySelector("#say");
const words = document.querySelector("#words");
const day = document.querySelector("#day");
const popup = document.querySelector("#popup");
const line = document.querySelector("#line");
const typing = document.querySelector("#typing");
const shown = new Map();
let newest = 0;
let waiting = 0;

function element(name, attributes = {}, ...inside) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) key in made ? (made[key] = value) : made.setAttribute(key, value);
  made.append(...inside);
  return made;
}

function key(button, id) {
  if (button.url) return element("a", { href: button.url, target: "_blank", rel: "noopener" }, button.label);
  const made = element("button", { type: "button" }, button.label);
  made.addEventListener("click", () => post({ data: button.data, tapped: String(id) }, made));
  return made;
}

function copying(address) {
  const made = element("button", { type: "button" }, script.dataset.copy);
  made.addEventListener("click", async () => {
    await navigator.clipboard.writeText(address);
    made.textContent = script.dataset.copied;
  });
  return made;
}

function rowOf(buttons, message) {  // an address that is told and can be opened can be taken along, where the browser lets a page copy
  const told = buttons.filter(({ url }) => url && navigator.clipboard && message.text.includes(url));
  return element("div", { className: "row" }, ...buttons.map((one) => key(one, message.id)), ...told.map(({ url }) => copying(url)));
}

function linked(text) {  // addresses in a text can be followed; everything else stays text
  return text.split(/(https?:\/\/[^\s]+[^\s.,;:!?)»])/).map((part, at) =>
    at % 2 ? element("a", { href: part, target: "_blank", rel: "noopener" }, part) : part);
}

let lastDay = "";
function day_of(message) {  // a line between the days
  const day = new Date(message.at).toLocaleDateString(document.documentElement.lang, { day: "numeric", month: "long", year: "numeric" });
  if (day !== lastDay) log.append(element("div", { className: "day" }, day));
  lastDay = day;
}

function draw(message) {
  const article = element("article", { className: message.push ? "bot push" : message.who });
  if (message.who === "parent") article.append(element("span", { className: "unseen" }, script.dataset.you));
  article.append(element("div", { className: "words" }, ...linked(message.text)));
  if (message.document) {
    const file = new Blob([message.document.content], { type: "application/octet-stream" });
    const link = element("a", { href: URL.createObjectURL(file), download: message.document.name }, `${script.dataset.file}: ${message.document.name}`);
    article.append(element("div", { className: "keys" }, link));
  }
  if (message.picture) {
    const { address, words, image } = message.picture;
    const link = element("a", { href: address, target: "_blank", rel: "noopener" });
    const drawn = () => { if (message.id === newest) show(article); };
    link.append(image ? element("img", { src: address, alt: words, onload: drawn }) : `${script.dataset.file}: ${words}`);
    article.append(element("div", { className: image ? "picture" : "keys" }, link));
  }
  if (message.rows.length) {
    article.append(element("div", { className: "keys" }, ...message.rows.map((row) => rowOf(row, message))));
  }
  const at = new Date(message.at);
  article.append(element("time", { dateTime: message.at }, at.toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" })));
  return article;
}

function take(message) {
  if (message.id <= newest) return;
  newest = message.id;
  const article = draw(message);
  const place = message.replaces && shown.get(message.replaces);
  const hadFocus = place && place.contains(document.activeElement);
  if (place) place.replaceWith(article);
  else {
    day_of(message);
    log.append(article);
  }
  shown.set(message.id, article);
  if (message.who === "bot" && !message.push) {  // a push leaves the present screen as it is
    typing.hidden = true;
    for (const other of log.querySelectorAll("article.bot")) other.classList.toggle("old", other !== article);
    ask(message.wants);
    if (hadFocus) article.querySelector("button")?.focus();
  }
  show(article);
  read();
}

function forget() {  // what was said before is not kept any more
  log.replaceChildren();
  shown.clear();
  newest = 0;
  lastDay = "";
  setTimeout(() => { if (!log.querySelector("article.bot:not(.push)")) begin(); }, 2000);  // time has taken the screen as well
}

function show(article) {  // its end in sight, or its beginning if it is taller than the window
  const top = article.offsetTop - 12;
  const bottom = article.offsetTop + article.offsetHeight + 16 - log.clientHeight;
  log.scrollTop = Math.min(top, bottom);
}

function ask(wants) {
  words.type = wants === "phone" ? "tel" : "text";
  words.inputMode = wants === "secret" ? "numeric" : wants === "phone" ? "tel" : "text";
  day.hidden = wants !== "date";
}

let readTimer = 0;
function read() {
  clearTimeout(readTimer);
  if (document.visibilityState !== "visible" || !newest) return;
  readTimer = setTimeout(() => send("/chat/read", { upto: newest }).catch(() => {}), 400);
}
document.addEventListener("visibilitychange", read);

function send(address, body) {
  return fetch(address, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
}

async function post(said, pressed) {
  const body = { key: crypto.randomUUID?.() ?? `${Date.now()}-${Math.random().toString(36).slice(2)}`, ...said };
  if (pressed) pressed.disabled = true;
  popup.textContent = "";
  waiting += 1;
  setTimeout(() => { typing.hidden = !waiting; }, 600);
  for (let attempt = 0; ; attempt += 1) {
    try {
      const answer = await send("/chat/messages", body);
      if (answer.status >= 500) throw new Error(String(answer.status));
      if (!answer.ok) { popup.textContent = script.dataset.failed; break; }
      const { popup: word, language } = await answer.json();
      if (language && language !== document.documentElement.lang) return location.reload();  // it was just changed: the page's own words too
      if (word) { popup.textContent = word; setTimeout(() => { popup.textContent = ""; }, 6000); }
      break;
    } catch (error) {
      if (attempt === 5) { popup.textContent = script.dataset.failed; break; }
      await new Promise((resolve) => setTimeout(resolve, 500 * 2 ** attempt));
    }
  }
  waiting -= 1;
  if (!waiting) typing.hidden = true;
  if (pressed) pressed.disabled = false;
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const text = words.value.trim();
  if (!text) return;
  words.value = "";
  post({ text });
});
day.addEventListener("change", () => {
  if (day.value) words.value = day.value.split("-").reverse().join(".");
  words.focus();
});

function listen() {
  const source = new EventSource(`/chat/events?after=${newest}`);
  source.onopen = () => { line.textContent = ""; };
  source.onmessage = (event) => take(JSON.parse(event.data));
  source.addEventListener("forgotten", forget);
  source.onerror = () => {
    line.textContent = line.dataset.lost;
    if (source.readyState === EventSource.CLOSED) setTimeout(listen, 2000);
  };
}

function begin() {  // nothing happens where a screen stands
  return post({ start: "", first: true });
}

const link = new URLSearchParams(location.search).get("start");
if (link !== null) history.replaceState(null, "", location.pathname);
listen();
if (link) post({ start: link });
else begin();
