// The search of the built site, by the site's own program: `search.js SITE WORD...` prints how many places each word has.
const fs = require("fs");
const [site, ...words] = process.argv.slice(2);
const folder = `${site}/assets/javascripts/workers`;
const [program] = fs.readdirSync(folder).filter((name) => /^search\..*\.js$/.test(name));
let answered;
globalThis.self = { postMessage: (message) => answered(message) };
(0, eval)(fs.readFileSync(`${folder}/${program}`, "utf8"));
const ask = (message) =>
  new Promise((resolve) => {
    answered = resolve;
    self.onmessage({ data: message });
  });
(async () => {
  const index = JSON.parse(fs.readFileSync(`${site}/search.json`, "utf8"));
  await ask({ type: 0, data: index });
  const found = {};
  for (const word of words) {
    const answer = await ask({ type: 2, data: { input: word, filter: { input: "", operator: "and" } } });
    found[word] = answer.data.items.map((item) => index.items[item.id].location);
  }
  console.log(JSON.stringify(found));
})();
