/** A message as JSON. Throws if it would not arrive as it was sent: `JSON.stringify` leaves out a lot without a word. */
export function stringify(message) {
  const text = JSON.stringify(message);
  check(message, []);
  return text;
}

/** What `JSON.stringify` takes for what it is; a class without a tag of its own is an `Object`. */
const PLAIN = new Set(["Object", "Array", "String", "Number", "Boolean"]);

function check(given, path) {
  // What converts itself, such as a date, is sent as it wants to be.
  const value = typeof given?.toJSON === "function" ? given.toJSON(path.at(-1) ?? "") : given;
  if (value === undefined || typeof value === "function" || typeof value === "symbol") refuse(value, path);
  if (typeof value === "number" && !Number.isFinite(value)) refuse(value, path);
  if (typeof value !== "object" || value === null) return;
  const tag = Object.prototype.toString.call(value).slice("[object ".length, -1);
  if (!PLAIN.has(tag) && !isRecord(value)) refuse(value, path, tag);
  if (tag === "Number") check(Number(value), path);
  else if (Array.isArray(value)) checkAll(value, path);
  else for (const [key, part] of Object.entries(value)) {
    // A property that is `undefined` is as good as none.
    if (part !== undefined) check(part, [...path, key]);
  }
}

/** In an array, something else would take the place of `undefined`, and of a hole. */
function checkAll(list, path) {
  for (let at = 0; at < list.length; at += 1) check(list[at], [...path, at]);
}

/** An object with nothing but properties, whatever it calls itself. */
function isRecord(value) {
  const prototype = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}

function refuse(value, path, tag = typeof value) {
  const place = path.length > 0 ? ` at ${path.join(".")}` : "";
  throw new TypeError(`${name(value, tag)}${place} has no JSON${remedy(value, tag)}`);
}

function name(value, tag) {
  if (value === undefined || typeof value === "number") return String(value);
  return /^[aeio]/i.test(tag) ? `an ${tag}` : `a ${tag}`;
}

function remedy(value, tag) {
  if (value instanceof ArrayBuffer || ArrayBuffer.isView(value)) return ": send its bytes as text, for example in Base64";
  if (tag === "Blob" || tag === "File") return ": read it, and send its bytes as text, for example in Base64";
  if (tag === "Map") return ": send Object.fromEntries of it";
  if (tag === "Set") return ": send an array of its elements";
  if (tag === "Promise") return ": await it first";
  return "";
}
