// The fleet's page: what is live, what is chosen, and what is stopped.
import { WORDS } from "./words.js";
import { $, List, dress, fill, h, linked, listenToKeys, phrase, speak, toast, translate, turn, ui, w } from "./kit.js";
import { STATES, overview, recordingView, statePill, told } from "./view.js";

// By their keys; `id` is a number by which elements name them.
let recordings = new Map();
const ids = new Map();
let counts = {};
let isCut = false;
let state = "";
let detail = null;
// By how much the database's clock is ahead of this one.
let ahead = 0;

const now = () => Date.now() + ahead;
const id = (key) => {
  if (!ids.has(key)) ids.set(key, String(ids.size));
  return ids.get(key);
};
const chosen = () => [...recordings.values()].find((one) => one.id === list.chosen);

async function ask(path, options) {
  const response = await fetch(path, options);
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw Object.assign(new Error(answer.error ?? response.status), { status: response.status });
  return answer;
}

// ------------------------------------------------------------------------------------ what is live

let late = 0;
function listen() {
  const source = new EventSource("events");
  source.addEventListener("open", () => { clearTimeout(late); late = 0; linked(true); });
  source.addEventListener("error", () => {
    // It asks anew by itself, every few seconds, which is nothing to tell of; unless it was refused, by a login say.
    late ||= setTimeout(() => linked(false), 1500);
    if (source.readyState === EventSource.CLOSED) setTimeout(listen, 3000);
  });
  source.addEventListener("trouble", (event) => { $("trouble").textContent = JSON.parse(event.data).error; });
  source.addEventListener("news", (event) => { $("trouble").textContent = ""; hear(JSON.parse(event.data)); });
}

function hear(news) {
  ahead = news.now - Date.now();
  if (news.all) [recordings, isCut] = [new Map(), news.is_cut];
  for (const one of news.recordings ?? []) recordings.set(one.key, { ...one, id: id(one.key) });
  if (news.counts) counts = news.counts;
  if (news.recordings) number();
  draw();
  if (list.chosen && (news.all || news.recordings?.some((one) => id(one.key) === list.chosen))) refresh();
}

// Who waits has a place: it is the same for all that came before.
function number() {
  const before = (a, b) => a.asked_at - b.asked_at || (a.key < b.key ? -1 : 1);
  for (const one of recordings.values()) one.place = null;
  [...recordings.values()].filter((one) => one.state === "waiting").sort(before).forEach((one, place) => { one.place = place + 1; });
}

// One after the other: what comes meanwhile is asked for once, afterwards.
let refreshing = false;
let again = false;
async function refresh() {
  again = refreshing;
  if (refreshing) return;
  refreshing = true;
  do {
    again = false;
    const one = chosen();
    if (!one) break;
    try {
      const found = await ask(`recording?${new URLSearchParams({ key: one.key })}`);
      if (one.id === list.chosen) detail = { ...found, id: one.id };
    } catch (error) {
      if (error.status === 404) {
        // It was over for so long that it was removed.
        recordings.delete(one.key);
        choose("");
        draw();
      } else toast(error.message);
    }
    drawDetail();
  } while (again);
  refreshing = false;
}

// ------------------------------------------------------------------------------------------ drawing

function draw() {
  drawSums();
  drawStates();
  drawList();
  drawDetail();
}

function drawSums() {
  if (counts.workers === undefined) return;
  const sum = (name) => (counts[name] ? h("span", {}, `${w(name)} `, h("b", {}, counts[name])) : null);
  fill($("sums"), counts.workers ? sum("workers") : h("span.pill.bad", {}, w("noWorkers")), sum("takeovers"), sum("handovers"), sum("losses"));
}

function drawStates() {
  const button = (name, words, number) => h("button", { "aria-pressed": String(state === name), "data-key": `state ${name}`, onclick: () => choseState(name) }, `${words} ${number}`);
  const taken = [...recordings.values()].filter((one) => one.taken).length;
  fill($("states"), button("", w("all"), STATES.reduce((sum, name) => sum + (counts[name] ?? 0), 0)),
    STATES.filter((name) => counts[name] || state === name).map((name) => button(name, w("states")[name], counts[name] ?? 0)),
    taken || state === "taken" ? button("taken", w("taken"), taken) : null);
}

// What waits as it stands in line, and before that what came last.
function sorted(found) {
  return found.sort((a, b) => a.is_over - b.is_over || (a.place ?? 0) - (b.place ?? 0) || (b.over_at ?? b.begun_at ?? b.asked_at) - (a.over_at ?? a.begun_at ?? a.asked_at) || (a.key < b.key ? -1 : 1));
}

function drawList() {
  const words = $("filter").value.trim().toLowerCase();
  const isOf = (one) => !state || one.state === state || (state === "taken" && one.taken);
  const has = (one) => !words || [one.key, one.cname, one.sid, one.worker].some((text) => text?.toLowerCase().includes(words));
  const found = [...recordings.values()].filter((one) => isOf(one) && has(one));
  $("count").textContent = found.length;
  $("cut").textContent = isCut ? w("isCut") : "";
  list.show(sorted(found));
}

const list = new List((one) => [h("span.name", {}, one.key), statePill(one), h("span.sub", {}, told(one, now()))], choose);

function drawDetail() {
  const top = $("detail").scrollTop;
  if (list.chosen && detail) fill($("detail"), recordingView({ ...detail, place: chosen()?.place ?? detail.place }, now()));
  else if (!list.chosen && counts.workers !== undefined) fill($("detail"), overview([...recordings.values()], counts));
  $("detail").scrollTop = top;
}

function choose(which) {
  if (list.chosen === which && (detail || !which)) return;
  list.chosen = which;
  detail = null;
  list.draw();
  if (which) refresh();
  else drawDetail();
}

function choseState(name) {
  state = name;
  drawStates();
  drawList();
}

// ------------------------------------------------------------------------------------------ stopping

let asked = "";
function sure(one) {
  asked = one.key;
  $("h-sure").textContent = phrase("sure", one.key);
  $("sure").returnValue = "";
  $("sure").showModal();
}

async function stop() {
  if ($("sure").returnValue !== "stop") return;
  try {
    await ask("stop", { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ key: asked }) });
    toast(w("stopping"));
  } catch (error) {
    toast(error.message);
  }
}

// --------------------------------------------------------------------------------------------- begin

const on = (name, event, does) => $(name).addEventListener(event, does);
const say = (lang) => { speak(lang); draw(); };

ui.on = { redraw: () => drawDetail(), choose, state: choseState, stop: sure };
on("lang", "click", () => say(translate()));
on("theme", "click", turn);
on("help", "click", () => $("keys").showModal());
on("filter", "input", drawList);
on("all", "click", () => choose(""));
on("sure", "close", stop);
addEventListener("resize", draw);
listenToKeys({ o: () => choose(""), s: () => $("stop")?.click(), l: () => say(translate()) }, list);
setInterval(() => {
  list.draw();
  if (detail && !detail.is_over) drawDetail();
}, 1000);

ui.words = WORDS;
ui.tab = "story";
dress();
say();
linked(false);
listen();
