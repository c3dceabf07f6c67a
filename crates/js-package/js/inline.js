/** The client with its module in the script, loaded when this is imported: one file, and no request. */
import { initSync } from "./index.js";
import { MODULE } from "./module.js";

initSync(Uint8Array.from(atob(MODULE), (character) => character.charCodeAt(0)));

export * from "./index.js";
