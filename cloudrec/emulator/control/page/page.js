// The page: what is live, what is chosen, and what is done by a click.
import { WORDS } from "./words.js";
import { $, List, clockTime, copy, day, dress, fill, h, length, linked, listenToKeys, speak, toast, translate, turn, ui, w } from "./kit.js";
import { helloView, recordingView, statusPill, trafficView } from "./view.js";

const ROOT = "/_emulator";
const ENDPOINTS = ["*", "acquire", "start", "query", "update", "updateLayout", "stop", "ncsIps"];
const SPEEDS = [1, 10, 60, 600, 3600];
const JUMPS = [[10, "+10 s"], [60, "+1 min"], [900, "+15 min"], [3600, "+1 h"]];
const live = { clock: { now: 0, running: false, speed: 0 }, at: 0, faults: { rules: [], storm: null }, receiver: null, channels: {} };
let recordings = new Map();
let detail = null;
let traffic = [[], []];
let people = [];
let state = { urls: [], app_id: "" };

// ------------------------------------------------------------------------------ the interface

async function ask(path, body) {
  const options = body === undefined ? {} : { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
  const response = await fetch(ROOT + path, options);
  const is_json = response.headers.get("Content-Type").startsWith("application/json");
  const answer = is_json ? await response.json() : await response.text();
  if (!response.ok) throw new Error(answer.error ?? response.status);
  return answer;
}

const act = async (path, body) => {
  try {
    return await ask(path, body);
  } catch (error) {
    toast(error.message);
    return null;
  }
};

ui.on = {
  redraw: () => drawDetail(),
  failover: (sid) => act(`/recordings/${sid}/failover`, {}),
  crash: (sid) => act(`/recordings/${sid}/crash`, {}),
  again: async (notice) => (await act(`/webhooks/${notice.number}/resend`, {})) && toast(w("sentAgain")),
  take: async (how, sid) => {
    const text = await act(`/export/${how}${sid ? `?sid=${sid}` : ""}`);
    if (text !== null) await copy(text);
  },
};

// ------------------------------------------------------------------------------------ what is live

function listen() {
  const source = new EventSource(`${ROOT}/events`);
  source.addEventListener("open", () => linked(true));
  source.addEventListener("error", () => linked(false));
  source.addEventListener("news", (event) => hear(JSON.parse(event.data)));
}

function hear(news) {
  if (news.all) {
    recordings = new Map();
    if (!(news.recordings ?? []).some((one) => one.sid === list.chosen)) choose("");
  }
  for (const one of news.recordings ?? []) recordings.set(one.sid, { id: one.sid, ...one });
  Object.assign(live, news, { at: performance.now() });
  drawClock();
  if (news.recordings || news.all) drawList();
  if (news.faults) drawFaults();
  if ("receiver" in news) drawReceiver();
  if (news.channels) fill($("known"), Object.keys(news.channels).slice(0, 200).map((name) => h("option", { value: name })));
  const ofChosen = (news.recordings ?? []).some((one) => one.sid === list.chosen);
  if (ofChosen || news.all || "calls" in news || "notices" in news || news.channels || (list.chosen && !live.clock.running)) refresh();
}

// One after the other: what comes meanwhile is asked for once, afterwards.
let refreshing = false;
let again = false;
async function refresh() {
  if (refreshing) {
    again = true;
    return;
  }
  refreshing = true;
  do {
    again = false;
    const of = list.chosen;
    try {
      if (of) {
        const found = await ask(`/recordings/${of}`);
        if (of === list.chosen) detail = found;
      } else {
        traffic = await Promise.all([ask("/calls?limit=200"), ask("/webhooks?limit=200")]);
        if (!recordings.size) state = await ask("/state");
      }
      await meet();
    } catch (error) {
      if (of === list.chosen && of) choose("");
    }
    drawDetail();
    await new Promise((done) => setTimeout(done, 60));
  } while (again);
  refreshing = false;
}

// ------------------------------------------------------------------------------------------ drawing

const now = () => live.clock.now + (live.clock.running ? (performance.now() - live.at) * live.clock.speed : 0);

function drawClock() {
  const at = now();
  $("time").textContent = clockTime(at);
  $("date").textContent = `${day(at)} UTC`;
  const { running, speed } = live.clock;
  $("pace").textContent = running ? `${w("runs")}${speed === 1 ? "" : ` × ${speed}`}` : w("standing");
  $("pace").className = `pill ${running ? "good" : ""}`;
  $("stand").textContent = w(running ? "stand" : "goOn");
  $("stand").setAttribute("aria-pressed", String(!running));
  if (running && SPEEDS.includes(speed) && document.activeElement !== $("speed")) $("speed").value = speed;
}

function drawList() {
  const words = $("filter").value.trim().toLowerCase();
  $("count").textContent = recordings.size;
  list.show([...recordings.values()].reverse().filter((one) => !words || [one.cname, one.uid, one.sid].some((text) => text.toLowerCase().includes(words))));
}

const list = new List((one) => {
  const age = length((one.end?.at ?? now()) - one.started);
  return [h("span.name", {}, one.cname), statusPill(one), h("span.sub", {}, `${one.mode} · ${one.uid} · ${age}`)];
}, choose);

function drawDetail() {
  const top = $("detail").scrollTop;
  if (list.chosen && detail) fill($("detail"), recordingView(detail, Math.round(now())));
  else if (!list.chosen && !recordings.size && !traffic[0].length && !traffic[1].length) fill($("detail"), helloView(state));
  else if (!list.chosen) fill($("detail"), trafficView(...traffic));
  $("detail").scrollTop = top;
}

function choose(sid) {
  if (list.chosen === sid && (detail || !sid)) return;
  list.chosen = sid;
  detail = null;
  if (sid) $("cname").value = recordings.get(sid)?.cname ?? $("cname").value;
  list.draw();
  refresh();
}

// ------------------------------------------------------------------------------- channels and faults

async function meet() {
  const name = $("cname").value;
  const found = name ? await ask(`/channels?${new URLSearchParams({ name })}`) : [];
  const next = found[0]?.people ?? [];
  if (JSON.stringify(next) === JSON.stringify(people)) return;
  people = next;
  drawPeople();
}

function drawPeople() {
  fill($("people"), people.map((person) => h("li", {},
    h("span.mono", {}, person.uid),
    ["audio", "video"].map((media) => h(`button.plain.media.${media}`, {
      type: "button", "aria-pressed": String(person[media]), "data-key": `${media} ${person.uid}`, "aria-label": `${person.uid} ${w(media)}`,
      onclick: () => inChannel(person[media] ? "mute" : "unmute", person.uid, { [media]: true }),
    }, w(media))),
    h("button.plain", { type: "button", "aria-label": `${person.uid} ${w("leave")}`, title: w("leave"), "data-key": `leave ${person.uid}`, onclick: () => inChannel("leave", person.uid) }, "✕"))));
}

async function inChannel(what, uid, more = {}) {
  const found = await act(`/channels/${what}`, { channel: $("cname").value, uid, ...more });
  if (!found) return false;
  people = found.people;
  drawPeople();
  return true;
}

function drawFaults() {
  const { rules, storm } = live.faults;
  fill($("rules"), rules.map((rule) => h("li", { title: rule.fault },
    h("span.mono", {}, rule.fault),
    h("small", {}, rule.endpoints.length > 2 ? w("anyEndpoint") : rule.endpoints.join(", ")),
    h(`span.pill${rule.met === rule.times ? "" : ".warn"}`, { title: w("met") }, rule.times === null ? `${rule.met}` : `${rule.met} ${w("of")} ${rule.times}`))));
  $("raging").textContent = storm ? `${Math.round(storm.rate * 100)} % ${w("raging")} ${storm.seed}` : "";
}

function drawReceiver() {
  $("told").textContent = live.receiver ? `${w("goTo")} ${live.receiver}` : w("nobody");
}

// ---------------------------------------------------------------------------- language and theme

function say(lang) {
  speak(lang);
  const kind = $("kind").value;
  fill($("kind"), Object.entries(w("kinds")).map(([words, name]) => h("option", { value: words }, name)));
  if (kind) $("kind").value = kind;
  fill($("endpoint"), ENDPOINTS.map((name) => h("option", { value: name }, name === "*" ? w("anyEndpoint") : name)));
  drawClock();
  drawList();
  drawPeople();
  drawFaults();
  drawReceiver();
  drawDetail();
}

const jump = (seconds) => act("/clock/advance", { seconds });
const stopOrGo = () => act(live.clock.running ? "/clock/stand" : "/clock/run", live.clock.running ? {} : { speed: +$("speed").value });

// ------------------------------------------------------------------------------------------- begin

const on = (id, event, does) => $(id).addEventListener(event, does);
const submit = (id, does) => on(id, "submit", (event) => { event.preventDefault(); does(); });

fill($("speed"), SPEEDS.map((speed) => h("option", { value: speed }, `× ${speed}`)));
fill($("jumps"), JUMPS.map(([seconds, name]) => h("button", { onclick: () => jump(seconds) }, name)));
on("stand", "click", stopOrGo);
on("speed", "change", () => live.clock.running && act("/clock/run", { speed: +$("speed").value }));
on("lang", "click", () => say(translate()));
on("theme", "click", turn);
on("help", "click", () => $("keys").showModal());
on("filter", "input", drawList);
on("all", "click", () => choose(""));
on("cname", "input", () => meet().catch(() => {}));
on("kind", "change", () => {
  $("words").value = $("kind").value;
  // What a call of another endpoint cannot meet.
  const only = { stall: "start", vanish: "start", failover: "query" }[$("words").value.split(";")[0]];
  if (only) $("endpoint").value = only;
});
on("heal", "click", () => act("/heal", {}));
on("reset", "click", () => confirm(w("resetSure")) && act("/reset", {}));
submit("channel", async () => {
  if (await inChannel("join", $("uid").value)) $("uid").value = String(+$("uid").value + 1);
});
submit("fault", () => {
  const only = $("only").checked && $("cname").value ? { cname: $("cname").value } : {};
  const times = $("times").value ? { times: +$("times").value } : {};
  const endpoints = $("endpoint").value;
  act("/faults", { fault: $("words").value, endpoints, ...times, ...only });
});
submit("storm", () => act("/storm", { rate: +$("rate").value / 100, seed: +$("seed").value }));
submit("receiver", async () => {
  const secret = $("secret").value ? { secret: $("secret").value } : {};
  if (await act("/webhooks/receiver", { url: $("url").value, ...secret })) $("secret").value = "";
});
addEventListener("resize", drawList);
listenToKeys({ ".": () => jump(10), m: () => jump(60), l: () => say(translate()) }, list,
  (event) => (event.target.matches?.("button, a") ? {} : { " ": stopOrGo }));
setInterval(() => {
  if (!live.clock.running) return;
  drawClock();
  list.draw();
  if (detail && detail.end === null) refresh();
}, 1000);

ui.words = WORDS;
ui.tab = "requests";
dress();
say();
$("words").value = $("kind").value;
linked(false);
refresh();
listen();
