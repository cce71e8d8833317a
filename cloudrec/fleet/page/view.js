// Views: the overview, and a recording's story, drawn.
import { copy, copyable, h, json, length, phrase, tabs, ui, w } from "./kit.js";

export const STATES = ["waiting", "starting", "running", "unknown", "lost", "stopping", "uploading", "done", "failed"];
const KIND = { running: ".good", waiting: ".info", starting: ".info", unknown: ".bad", lost: ".bad", failed: ".bad", stopping: ".warn", uploading: ".warn", done: "" };
const LANE = { waiting: "s-wait", starting: "s-start", running: "s-run", unknown: "s-bad", lost: "s-bad", failed: "s-bad", stopping: "s-end", uploading: "s-end", done: "s-end" };
const MOST = 200;

const two = (number) => String(number).padStart(2, "0");

/** A time as this machine's clock has it; with the day, where that is another one. */
export function at(millis, withDay) {
  const then = new Date(millis);
  const time = [then.getHours(), then.getMinutes(), then.getSeconds()].map(two).join(":");
  const isToday = then.toDateString() === new Date().toDateString();
  return withDay || !isToday ? `${then.getFullYear()}-${two(then.getMonth() + 1)}-${two(then.getDate())} ${time}` : time;
}

const moment = (millis, withDay) => h("time", { datetime: new Date(millis).toISOString(), title: new Date(millis).toISOString() }, at(millis, withDay));
const fact = (name, value) => (value === null || value === undefined || value === "" ? null : h("span", {}, `${w(name)} `, h("b", {}, value)));
const short = (worker) => (worker ?? w("nobody")).replace(/^([^/:]+)\/[^:]*(:\[\d+\])?/, "$1");
const who = (worker) => h("span.mono", { title: worker }, short(worker));

export function statePill(one) {
  const place = one.state === "waiting" && one.place ? ` ${one.place}` : "";
  return h(`span.pill${KIND[one.state] ?? ""}`, {}, `${w("states")[one.state] ?? one.state}${place}`);
}

/** What a row of the list says below the name. */
export function told(one, now) {
  const since = one.running_at ?? one.begun_at ?? one.asked_at;
  const age = length((one.over_at ?? now) - since);
  const name = one.cname === one.key ? one.mode : `${one.mode} · ${one.cname}`;
  const more = one.stop_at && !one.is_over ? ` · ${w("stopAsked")}` : one.takeovers ? ` · ${w("taken")}` : "";
  return `${name} · ${age}${one.worker ? ` · ${short(one.worker)}` : ""}${more}`;
}

// ------------------------------------------------------------------------------- the overview

function several(title, empty, found, more) {
  return h("div.card", {}, h("h2", {}, `${w(title)}${found.length ? ` ${found.length}` : ""}`),
    found.length
      ? h("div.things", {}, found.slice(0, 12).map((one) => h("button.thing", { "data-key": `${title} ${one.id}`, onclick: () => ui.on.choose(one.id) },
          h("span.when", {}, at(more(one)[0])), h("span.what", {}, h("b", {}, one.key), " ", h("small", {}, more(one)[1])), h("span.end", {}, statePill(one)))))
      : h("p.empty", {}, w(empty)));
}

export function overview(all, counts) {
  if (!all.length) return h("div.hello", {}, h("h2", {}, w("none")), h("p", {}, w("noneHint")));
  const latest = (name) => (a, b) => (b[name] ?? b.asked_at) - (a[name] ?? a.asked_at);
  const look = all.filter((one) => ["unknown", "lost", "failed"].includes(one.state) || (one.problem && !one.is_over)).sort((a, b) => a.is_over - b.is_over || latest("over_at")(a, b));
  const taken = all.filter((one) => one.taken).sort((a, b) => b.taken.at - a.taken.at);
  const line = all.filter((one) => one.place).sort((a, b) => a.place - b.place);
  return [
    h("div.head", {}, h("h2", {}, w("overview"))),
    h("div.tiles", {}, STATES.map((state) => h("button", { "data-key": `tile ${state}`, onclick: () => ui.on.state(state) }, h("b", {}, counts[state] ?? 0), h(`span.pill${KIND[state]}`, {}, w("states")[state])))),
    h("div.two", {},
      several("look", "lookNone", look, (one) => [one.over_at ?? one.begun_at ?? one.asked_at, one.problem]),
      several("taken", "takenNone", taken, (one) => [one.taken.at, phrase("fromTo", short(one.taken.from), short(one.taken.by))]),
      several("line", "lineNone", line, (one) => [one.asked_at, one.mode])),
  ];
}

// ------------------------------------------------------------------------------- one recording

function timeline(one, now) {
  const states = one.story.filter((change, place) => place === 0 || change.state !== one.story[place - 1].state);
  const from = one.asked_at;
  const to = Math.max(one.over_at ?? now, from + 1000);
  const px = document.getElementById("detail").clientWidth - 60;
  const share = (a, b) => `${(100 * Math.max(0, Math.min(b, to) - a)) / (to - from)}%`;
  const bars = states.filter((change) => change.at < to).map((change, place) => {
    const until = states[place + 1]?.at ?? to;
    const name = w("states")[change.state];
    const fits = (px * (until - change.at)) / (to - from) > name.length * (ui.lang === "zh" ? 13 : 8) + 10;
    return h(`i.${LANE[change.state]}`, { css: { left: share(from, change.at), width: share(change.at, until) }, title: `${name}, ${length(until - change.at)}` }, fits ? name : "");
  });
  return h("div.card", {}, h("div.says", {}, h("h2", {}, `${w("timeline")} · ${length(to - from)}`), h("small", {}, `${at(from)} – ${one.over_at ? at(one.over_at) : ""}`)), h("div.lane", { role: "img", "aria-label": states.map((change) => w("states")[change.state]).join(", ") }, bars));
}

function happened(change, before) {
  const problem = change.problem ? h("small", {}, `${change.problem.error ? `${change.problem.error}: ` : ""}${change.problem.message ?? ""}`) : null;
  if (change.what === "state") return [[statePill(change), " ", problem], change.worker];
  if (change.what === "problem") return [[h("b.bad", {}, w("what").problem), " ", problem], change.worker];
  if (change.what === "stop asked") return [[h("b", {}, w("what")["stop asked"])], null];
  const from = change.what === "held" ? null : h("small", {}, ` (${w("from")} `, who(before), ")");
  return [[h("b", {}, w("what")[change.what]), " ", who(change.worker), from], null];
}

function story(one) {
  const hidden = one.story.length - MOST;
  let held = null;
  const lines = one.story.map((change) => {
    const line = happened(change, held);
    held = change.worker ?? held;
    return [change, line];
  });
  return h("div.things", {}, hidden > 0 ? h("p.empty", {}, `… ${hidden}`) : null, lines.slice(-MOST).map(([change, [what, worker]]) => {
    return h("div.thing", {}, h("span.when", {}, moment(change.at)), h("span.what", {}, what), h("span.end", {}, worker ? h("small", {}, who(worker)) : null));
  }));
}

const filesOf = (parts) => parts.flatMap((part) => part.result?.files ?? []);

function files(parts) {
  const found = filesOf(parts);
  if (!found.length) return h("p.empty", {}, w("noFiles"));
  return [
    h("div.things", {}, found.slice(0, MOST).map((file) => h("div.thing", {}, h("span.when", {}, file.uid === "0" ? "" : file.uid ?? ""), h("span.what", {}, copyable(file.key, "key")), h("span.end", {}, file.is_predicted ? h("span.pill", {}, w("predicted")) : null)))),
    found.length > MOST ? h("p.sub", {}, `… ${found.length - MOST}`) : null,
  ];
}

function part(one, place) {
  const { handle, causes, result } = one;
  const isOver = "result" in one;
  const id = (name, value) => (value ? h("span", {}, `${w(name)} `, copyable(String(value), w(name))) : null);
  return h("div.part", {},
    h("div.says", {}, h("b", {}, `${w("part")} ${place + 1}`), h("button", { "data-key": `handle ${place}`, onclick: () => copy(JSON.stringify(handle)) }, w("handle"))),
    h("div.facts", {}, id("channel", handle.cname), id("uid", handle.uid), id("sid", handle.sid), id("resource", handle.resource_id)),
    h("div.facts", {}, fact("started", handle.started_at ? at(handle.started_at * 1000) : null), isOver && one.lasted ? fact("lasted", length(one.lasted * 1000)) : null, fact("uploading", result?.uploading_status)),
    isOver ? (causes?.length ? h("div", {}, h("small", {}, w("causes")), h("ul", {}, causes.map((cause) => h("li", {}, cause)))) : h("small", {}, w(result ? "noCauses" : "noResult"))) : null);
}

export function recordingView(one, now) {
  const canStop = !one.is_over && !one.stop_at;
  return [
    h("div.head", {}, h("h2", {}, one.key), statePill(one), h("span.pill", {}, one.mode),
      one.stop_at && !one.is_over ? h("span.pill.warn", {}, w("stopAsked")) : null,
      h("span.buttons.end", {}, canStop ? h("button.danger", { id: "stop", "data-key": "stop", onclick: () => ui.on.stop(one) }, w("stop")) : null)),
    h("div.facts", {},
      fact("channel", one.cname === one.key ? null : one.cname), fact("asked", moment(one.asked_at)), fact("begun", one.begun_at && moment(one.begun_at)),
      fact("running", one.running_at && moment(one.running_at)), fact("until", one.until && moment(one.until)), fact("lasts", !one.until && one.lasts ? length(one.lasts * 1000) : null),
      fact("over", one.over_at && moment(one.over_at)), one.worker ? fact(one.is_over ? "heldLast" : "worker", who(one.worker)) : null,
      fact("takeovers", one.takeovers || null), fact("handovers", one.handovers || null), fact("losses", one.losses || null), one.restart ? h("span", {}, w("restart")) : null),
    one.problem ? h("div.card.problem", {}, h("b", {}, w("problem")), h("p", {}, one.problem)) : null,
    timeline(one, now),
    tabs([
      ["story", one.story.length, () => story(one)],
      ["parts", one.parts.length, () => (one.parts.length ? one.parts.map(part) : h("p.empty", {}, w("noParts")))],
      ["files", filesOf(one.parts).length, () => files(one.parts)],
      ["recipe", null, () => h("pre", { tabindex: 0 }, json(one.recipe))],
    ]),
  ];
}
