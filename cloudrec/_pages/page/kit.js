// Kit of the pages: elements, words, light and dark, rows that open, and a list of which only what is seen is there.

export const ui = { lang: "en", words: { en: {} }, tab: "", open: new Set(), on: {} };
export const w = (key) => ui.words[ui.lang][key] ?? ui.words.en[key];
/** Words with something in each place that is for it. */
export const phrase = (key, ...told) => told.reduce((text, each) => text.replace("{}", () => each), w(key));
export const $ = (id) => document.getElementById(id);

/** An element: h("button.main", {onclick}, "text", child, …). What is null or false is left out. */
export function h(name, props, ...children) {
  const [tag, ...classes] = name.split(".");
  const made = document.createElement(tag);
  if (classes.length) made.className = classes.join(" ");
  for (const [key, value] of Object.entries(props ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else if (key === "css") for (const [name, of] of Object.entries(value)) made.style.setProperty(name, of);
    else made.setAttribute(key, value === true ? "" : value);
  }
  made.append(...children.flat(3).filter((child) => child !== null && child !== undefined && child !== false && child !== ""));
  return made;
}

/** Puts other children into an element; what had the focus in it has it again, and what was open stays open. */
export function fill(element, ...children) {
  const key = element.contains(document.activeElement) ? document.activeElement.dataset.key : null;
  element.replaceChildren(...children.flat(3).filter(Boolean));
  if (key) element.querySelector(`[data-key="${CSS.escape(key)}"]`)?.focus();
}

export const clockTime = (millis) => new Date(millis).toISOString().slice(11, 19);
export const day = (millis) => new Date(millis).toISOString().slice(0, 10);

export function length(millis) {
  const all = Math.max(0, Math.floor(millis / 1000));
  const [hours, minutes, seconds] = [Math.floor(all / 3600), Math.floor(all / 60) % 60, all % 60];
  return hours ? `${hours} h ${minutes} min` : minutes ? `${minutes} min ${seconds} s` : `${seconds} s`;
}

// ------------------------------------------------------------------------------- told and copied

let toasting = 0;
export function toast(text) {
  $("toast").textContent = text;
  $("toast").classList.add("on");
  clearTimeout(toasting);
  toasting = setTimeout(() => $("toast").classList.remove("on"), 2600);
}

export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    toast(w("copied"));
  } catch {
    toast(text.slice(0, 200));
  }
}

export const copyable = (text, label) =>
  h("button.plain.copy", { title: w("copy"), "aria-label": `${w("copy")}: ${label}`, "data-key": `copy ${label} ${text}`, onclick: () => copy(text) }, text);

export const json = (value) => (typeof value === "string" ? value : JSON.stringify(value, null, 2));

export function said(title, value) {
  if (value === null) return null;
  const text = json(value);
  return h("div", {}, h("div.says", {}, h("small", {}, title), h("button.plain", { "data-key": `copy ${title}`, onclick: () => copy(text) }, w("copy"))), h("pre", { tabindex: 0 }, text));
}

// --------------------------------------------------------------------------- rows that open, tabs

export function thing(key, when, what, end, more) {
  const open = ui.open.has(key);
  const toggle = () => { ui.open[open ? "delete" : "add"](key); ui.on.redraw(); };
  return [
    h("button.thing", { "aria-expanded": String(open), "data-key": key, onclick: toggle }, h("span.when", {}, when), h("span.what", {}, what), h("span.end", {}, end)),
    open ? h("div.more", {}, more()) : null,
  ];
}

export function tabs(made) {
  const chosen = made.some(([name]) => name === ui.tab) ? ui.tab : made[0][0];
  const choose = (name) => { ui.tab = name; ui.on.redraw(); };
  return h("div.card", {},
    h("div.tabs", { role: "tablist" }, made.map(([name, count]) => h("button", { role: "tab", id: `tab-${name}`, "aria-controls": "panel", "aria-selected": String(name === chosen), "data-key": `tab ${name}`, onclick: () => choose(name) }, `${w(name)}${count === null ? "" : ` ${count}`}`))),
    h("div", { role: "tabpanel", id: "panel", "aria-labelledby": `tab-${chosen}` }, made.find(([name]) => name === chosen)[2]()));
}

// --------------------------------------------------------------- the list: only the rows that are seen

const ROW = 48;

export class List {
  /** `row(thing)` are the children of a row, `choose(id)` is called for what is clicked. */
  constructor(row, choose) {
    Object.assign(this, { row, choose, shown: [], chosen: "" });
    $("scroll").addEventListener("scroll", () => this.draw());
  }

  show(things) {
    this.shown = things;
    $("rows").style.height = `${things.length * ROW}px`;
    if (innerWidth <= 700) $("scroll").style.height = `${Math.min(things.length * ROW + 2, 240)}px`;
    this.draw();
  }

  draw() {
    const box = $("scroll");
    const high = box.clientHeight || innerHeight;
    // A list that has become shorter is scrolled back a moment later.
    const top = Math.max(0, Math.min(box.scrollTop, this.shown.length * ROW - high));
    const first = Math.max(0, Math.floor(top / ROW) - 4);
    const last = Math.min(this.shown.length, Math.ceil((top + high) / ROW) + 4);
    const rows = this.shown.slice(first, last).map((one, place) => h("div.row", {
      role: "option", id: `row-${one.id}`, "aria-selected": String(one.id === this.chosen), "aria-posinset": first + place + 1, "aria-setsize": this.shown.length,
      css: { top: `${(first + place) * ROW}px` }, onclick: () => this.choose(one.id),
    }, this.row(one)));
    $("rows").replaceChildren(...rows);
    $("scroll").setAttribute("aria-activedescendant", this.shown.some((one) => one.id === this.chosen) ? `row-${this.chosen}` : "");
    $("all").setAttribute("aria-pressed", String(!this.chosen));
  }

  step(by) {
    const place = this.shown.findIndex((one) => one.id === this.chosen) + by;
    const next = this.shown[Math.min(Math.max(place, 0), this.shown.length - 1)];
    if (!next) return;
    this.choose(next.id);
    const top = this.shown.indexOf(next) * ROW;
    const box = $("scroll");
    box.scrollTop = Math.min(Math.max(box.scrollTop, top + ROW - box.clientHeight), top);
    this.draw();
  }
}

// ---------------------------------------------------------------------------- language and theme

export const kept = (name, value) => {
  try {
    if (value !== undefined) localStorage.setItem(`cloudrec.${name}`, value);
    return localStorage.getItem(`cloudrec.${name}`);
  } catch {
    return value ?? null;
  }
};

export function linked(on) {
  $("link").textContent = w(on ? "online" : "offline");
  $("link").className = `pill ${on ? "good" : "bad"}`;
}

/** Says everything that stands in the page in a language; by default in the one that was chosen, or that the browser has. */
export function speak(lang) {
  const asked = lang ?? kept("lang");
  ui.lang = ui.words[asked] ? asked : navigator.language.startsWith("zh") ? "zh" : "en";
  document.documentElement.lang = ui.lang === "zh" ? "zh-CN" : "en";
  for (const [attribute, set] of [
    ["data-w", (element, text) => { element.textContent = text; }],
    ["data-w-label", (element, text) => element.setAttribute("aria-label", text)],
    ["data-w-title", (element, text) => element.setAttribute("title", text)],
    ["data-w-place", (element, text) => element.setAttribute("placeholder", text)],
  ]) {
    for (const element of document.querySelectorAll(`[${attribute}]`)) set(element, w(element.getAttribute(attribute)));
  }
  $("lang").textContent = ui.lang === "zh" ? "English" : "中文";
  $("lang").lang = ui.lang === "zh" ? "en" : "zh";
  fill($("keylist"), Object.entries(w("keyList")).map(([key, does]) => [h("dt", {}, h("kbd", {}, key)), h("dd", {}, does)]));
  linked($("link").classList.contains("good"));
}

export const translate = () => kept("lang", ui.lang === "zh" ? "en" : "zh");

export function dress(theme = kept("theme")) {
  if (theme) document.documentElement.dataset.theme = theme;
}

export function turn() {
  const dark = matchMedia("(prefers-color-scheme: dark)").matches;
  const is = document.documentElement.dataset.theme ?? (dark ? "dark" : "light");
  dress(kept("theme", is === "dark" ? "light" : "dark"));
}

/** What keys do, but where somebody writes. Those with `onList` in place of arrows, too. */
export function listenToKeys(keys, list, more = () => ({})) {
  addEventListener("keydown", (event) => {
    const writing = event.target.matches?.("input, select, textarea, dialog *");
    if (event.ctrlKey || event.metaKey || event.altKey || writing) return;
    const all = { j: () => list.step(1), k: () => list.step(-1), "/": () => $("filter").focus(), t: turn, "?": () => $("keys").showModal(), ...keys, ...more(event) };
    if (event.target === $("scroll")) Object.assign(all, { ArrowDown: all.j, ArrowUp: all.k });
    if (all[event.key]) {
      event.preventDefault();
      all[event.key]();
    }
  });
}
