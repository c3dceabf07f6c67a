/** A message as JSON. Throws if it would not arrive as it was sent: `JSON.stringify` leaves out a lot without a word. */
export function stringify(message) {
  const text = JSON.stringify(message);
  if (typeof message === "object" && message !== null) check(message, []);
  else if (text === undefined || !isFinite(message)) refuse(message, []);
  return text;
}

const isFinite = (value) => typeof value !== "number" || Number.isFinite(value);

/** What `JSON.stringify` takes for what it is; a class without a tag of its own is an `Object`. */
const PLAIN = new Set(["Object", "Array", "String", "Number", "Boolean"]);

function check(value, path) {
  // What converts itself, such as a date, is sent as it wants to be.
  if (typeof value.toJSON === "function") return;
  const tag = Object.prototype.toString.call(value).slice("[object ".length, -1);
  if (!PLAIN.has(tag)) refuse(value, path, tag);
  for (const key of Object.keys(value)) {
    const part = value[key];
    if (typeof part === "object" && part !== null) check(part, [...path, key]);
    // A property that is `undefined` is as good as none; in an array, something else would take its place.
    else if (part === undefined ? Array.isArray(value) : isLost(part)) refuse(part, [...path, key]);
  }
  // A hole is no key.
  if (Array.isArray(value) && Object.keys(value).length < value.length) refuse(undefined, path);
}

const isLost = (part) => typeof part === "function" || typeof part === "symbol" || !isFinite(part);

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
