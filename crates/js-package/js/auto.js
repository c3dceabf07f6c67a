/** The client, loaded when this is imported. For tools that support top-level `await`. */
import { init } from "./index.js";

await init();

export * from "./index.js";
