import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { brotliDecompressSync, gunzipSync } from "node:zlib";

import { compress, framers, headers, isHashed, statedPolicy } from "./finish-page.mjs";

let folder;
beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), "finish-page-"))));
afterEach(() => rm(folder, { recursive: true }));

const page = (policy) => `<meta http-equiv="Content-Security-Policy" content="${policy}" />`;

test("the policy is the one that the page states", async () => {
  const html = `<meta\n http-equiv="Content-Security-Policy"\n content="default-src 'none';\n img-src data:" />`;
  assert.equal(statedPolicy("index.html", html), "default-src 'none'; img-src data:");
  assert.throws(() => statedPolicy("index.html", "<head></head>"), /index.html states no Content-Security-Policy/);
  statedPolicy("index.html", await readFile(new URL("../index.html", import.meta.url), "utf8"));
});

test("a file with headers of its own loses those of all", async () => {
  const files = {
    "index.html": page("img-src data:"),
    "demo.html": page("frame-src 'self'"),
    "embed.js": "",
    "app-8472e15c6af81941.js": "",
  };
  await Promise.all(Object.entries(files).map(([name, text]) => writeFile(join(folder, name), text)));
  const rules = await headers(folder);
  const shared = "  ! Cross-Origin-Resource-Policy\n  Cross-Origin-Resource-Policy: cross-origin\n";
  const framed = `${shared}  Cross-Origin-Embedder-Policy: credentialless\n`;
  const own = `  ! Content-Security-Policy\n  Content-Security-Policy: frame-src 'self'; frame-ancestors 'self'\n${framed}`;
  for (const rule of [
    "  Cross-Origin-Resource-Policy: same-origin\n  Content-Security-Policy: img-src data:; frame-ancestors 'self'\n",
    `/demo.html\n${own}/demo\n${own}`,
    `/\n${framed}/index.html\n${framed}`,
    `/embed.js\n${shared}  Access-Control-Allow-Origin: *\n`,
    "/app-8472e15c6af81941.js\n  Cache-Control: public, max-age=31536000, immutable\n",
  ]) {
    assert.ok(rules.includes(rule), `${rule}\n${rules}`);
  }
});

test("who may frame the page is a list of origins", () => {
  assert.equal(framers(""), "frame-ancestors 'self'");
  assert.equal(framers("*"), "frame-ancestors *");
  const two = framers("https://a.example, http://localhost:8080");
  assert.equal(two, "frame-ancestors 'self' https://a.example http://localhost:8080");
  for (const bad of ["a.example", "https://a.example/", "https://a; script-src *", "*,https://a"]) {
    assert.throws(() => framers(bad), /EMBED_ORIGINS/, bad);
  }
});

test("only hashed names are cached for good", () => {
  for (const name of ["app-1a2b3c4d5e6f7a8b.js", "x/app-a2b3c4d5e6f7a8b_bg.wasm", "a.0123abcd.css"]) {
    assert.ok(isHashed(name), name);
  }
  for (const name of ["index.html", "icon.svg", "1a2b3c4d5e6f7a8b/index.html", "app-feed.js"]) {
    assert.ok(!isHashed(name), name);
  }
});

test("what shrinks is compressed, and nothing else", async () => {
  const text = "the same again and again ".repeat(100);
  await writeFile(join(folder, "long.js"), text);
  await writeFile(join(folder, "short.js"), "1");
  await writeFile(join(folder, "long.png"), text);
  await compress(folder);
  assert.equal(brotliDecompressSync(await readFile(join(folder, "long.js.br"))).toString(), text);
  assert.equal(gunzipSync(await readFile(join(folder, "long.js.gz"))).toString(), text);
  for (const name of ["short.js.br", "short.js.gz", "long.png.br"]) {
    await assert.rejects(readFile(join(folder, name)), name);
  }
});
