// Trunk's post-build hook (see Trunk.toml). Minifies the glue of wasm-bindgen, adds compressed files, which registry-server sends
// as they are, and `_headers`, which sets the headers of registry-server on a static host such as Cloudflare.
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";

/** Sent with every file. */
const ALWAYS = {
  "X-Content-Type-Options": "nosniff",
  "Referrer-Policy": "no-referrer",
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Resource-Policy": "same-origin",
};

/** Replaces that of all files. */
const SHARED = { "! Cross-Origin-Resource-Policy": undefined, "Cross-Origin-Resource-Policy": "cross-origin" };

/** Sent with pages: one that is isolated from other origins frames nothing without. */
const FRAMED = { ...SHARED, "Cross-Origin-Embedder-Policy": "credentialless" };

/** The files below a folder, as paths in it with `/` between their parts. */
async function filesIn(folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return files.map((file) => file.slice(folder.length + 1).replaceAll("\\", "/")).sort();
}

/** Minifies the glue beside each module. It alone is loaded without an `integrity` attribute, which would no longer match. */
export async function minify(folder) {
  const { transform } = await import("esbuild").catch(() => {
    throw new Error("esbuild is missing: run `npm ci` in the project's folder");
  });
  const modules = (await filesIn(folder)).filter((name) => name.endsWith("_bg.wasm"));
  for (const name of modules) {
    const file = join(folder, name.replace(/_bg\.wasm$/, ".js"));
    const { code } = await transform(await readFile(file, "utf8"), { minify: true, format: "esm", target: "es2022" });
    await writeFile(file, code);
  }
}

/** Adds a `.br` and a `.gz` file for every file that they make smaller. */
export async function compress(folder) {
  const names = (await filesIn(folder)).filter((name) => /\.(html|js|css|svg|json|wasm|txt)$/.test(name));
  const pack = async (name) => {
    const file = join(folder, name);
    const content = await readFile(file);
    const params = { [constants.BROTLI_PARAM_SIZE_HINT]: content.length };
    const packed = {
      br: await promisify(brotliCompress)(content, { params }),
      gz: await promisify(gzip)(content, { level: 9 }),
    };
    for (const [ending, bytes] of Object.entries(packed)) {
      if (bytes.length < content.length) await writeFile(`${file}.${ending}`, bytes);
    }
  };
  await Promise.all(names.map(pack));
}

/** The text of `_headers` for the page in a folder. `origins` lists who may frame it, separated by commas, or is `*`. */
export async function headers(folder, origins = "") {
  const policy = async (page) => `${statedPolicy(page, await readFile(join(folder, page), "utf8"))}; ${framers(origins)}`;
  const rules = [["/*", { ...ALWAYS, "Content-Security-Policy": await policy("index.html") }]];
  rules.push(["/", FRAMED], ["/index.html", FRAMED]);
  for (const name of await filesIn(folder)) {
    if (name.endsWith(".html") && name !== "index.html") {
      const policies = { "! Content-Security-Policy": undefined, "Content-Security-Policy": await policy(name) };
      const own = { ...policies, ...FRAMED };
      // Static hosts serve it without the ending, too.
      rules.push([`/${name}`, own], [`/${name.slice(0, -".html".length)}`, own]);
    }
    // Pages on other origins load it to embed this page.
    if (name === "embed.js") {
      rules.push([`/${name}`, { ...SHARED, "Access-Control-Allow-Origin": "*" }]);
    }
    if (isHashed(name)) rules.push([`/${name}`, { "Cache-Control": "public, max-age=31536000, immutable" }]);
  }
  const line = ([name, value]) => (value === undefined ? `  ${name}\n` : `  ${name}: ${value}\n`);
  return rules.map(([path, fields]) => `${path}\n${Object.entries(fields).map(line).join("")}`).join("");
}

/** The Content-Security-Policy in the head of a page. */
export function statedPolicy(page, html) {
  const policy = /http-equiv="Content-Security-Policy"\s+content="([^"]*)"/.exec(html)?.[1];
  if (!policy) throw new Error(`${page} states no Content-Security-Policy`);
  return policy.split(/\s+/).join(" ");
}

/** The `frame-ancestors` directive for these origins and the page's own. */
export function framers(origins) {
  const listed = origins.split(",").map((origin) => origin.trim()).filter(Boolean);
  if (listed.length === 1 && listed[0] === "*") return "frame-ancestors *";
  const bad = listed.find((origin) => !/^https?:\/\/[\w.:[\]-]+$/.test(origin));
  if (bad) throw new Error(`EMBED_ORIGINS: ${bad} is not an origin such as https://example.org, without a path`);
  return ["frame-ancestors 'self'", ...listed].join(" ");
}

/** Whether a file never changes, since its name contains a hash. registry-server has the same rule. */
export function isHashed(path) {
  return path.split("/").at(-1).split(/[-_.]/).some((part) => /^[0-9a-f]{8,}$/.test(part));
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const folder = process.env.TRUNK_STAGING_DIR;
  if (!folder) throw new Error("TRUNK_STAGING_DIR is not set: this is a hook of Trunk");
  if (process.env.TRUNK_PROFILE === "release") {
    await minify(folder);
    await compress(folder);
  }
  await writeFile(join(folder, "_headers"), await headers(folder, process.env.EMBED_ORIGINS));
  // Files that Cloudflare must not upload: it compresses by itself.
  await writeFile(join(folder, ".assetsignore"), "*.br\n*.gz\n");
}
