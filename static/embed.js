// <registry-harness>: embeds the harness in any page. See docs/EMBEDDING.md for its use and the messages.
"use strict";

(() => {
  const home = new URL(".", document.currentScript.src);
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`
    :host { display: block; }
    :host([hidden]) { display: none; }
    iframe {
      display: block;
      width: 100%;
      height: 320px;
      border: var(--registry-harness-border, 0);
      border-radius: var(--registry-harness-radius, 0);
    }
  `);

  /** Why a command was refused. */
  class RegistryHarnessError extends Error {
    constructor({ code, message, retryable }) {
      super(message);
      this.name = "RegistryHarnessError";
      this.code = code;
      this.retryable = retryable;
    }
  }

  class RegistryHarness extends HTMLElement {
    #frame;
    #listening;
    #state = "idle";
    #room = null;
    #isReady = false;
    /** Commands that wait for the frame to be ready. */
    #outbox = [];
    /** Promises that wait for something to happen. */
    #waiting = new Set();

    constructor() {
      super();
      this.attachShadow({ mode: "open" }).adoptedStyleSheets = [sheet];
    }

    /** The name of the client's state. */
    get state() {
      return this.#state;
    }

    /** The latest state of the room; null if there is none. */
    get room() {
      return this.#room;
    }

    connectedCallback() {
      this.#frame = document.createElement("iframe");
      this.#frame.title = this.title || "WebRTC session";
      // A browser without sharing would log a warning.
      this.#frame.allow = navigator.share ? "clipboard-write; web-share" : "clipboard-write";
      this.#frame.src = this.#address();
      this.#listening = new AbortController();
      addEventListener("message", (event) => this.#hear(event), { signal: this.#listening.signal });
      this.shadowRoot.append(this.#frame);
    }

    disconnectedCallback() {
      this.#listening.abort();
      this.#frame.remove();
      this.#fail({ code: "closed", message: "the element was removed", retryable: false });
      this.#isReady = false;
      this.#outbox = [];
      this.#state = "idle";
      this.#room = null;
    }

    /** Creates a room; resolves to it. */
    create(name) {
      return this.#command("create", { name }, ({ type, join }) => type === "room" && join !== undefined);
    }

    /** Joins a room; resolves when it is joined. */
    join(room, join, name) {
      return this.#command("join", { room, join, name }, ({ state }) => state === "joined").then(() => undefined);
    }

    /** Starts the connection; resolves when the peers are connected. */
    start() {
      if (this.#state === "connected") return Promise.resolve();
      return this.#command("start", {}, ({ state }) => state === "connected").then(() => undefined);
    }

    /** Sends any JSON value. If it cannot be sent, an `error` event follows. */
    send(data) {
      this.#post("send", { data });
    }

    /** Closes the room; resolves when that is done. */
    close() {
      if (this.#state === "idle") return Promise.resolve();
      return this.#command("close", {}, ({ state }) => state === "idle").then(() => undefined);
    }

    #address() {
      const address = new URL(home);
      const set = (name, value) => value && address.searchParams.append(name, value);
      set("embed", "1");
      set("parent", location.origin);
      for (const name of ["role", "registry", "name", "theme"]) set(name, this.getAttribute(name));
      for (const url of (this.getAttribute("stun") ?? "").split(/[\s,]+/)) set("stun", url);
      if (this.getAttribute("stun") === "") address.searchParams.append("stun", "");
      if (this.hasAttribute("auto")) set("auto", "1");
      const accent = this.getAttribute("accent") ?? getComputedStyle(this).getPropertyValue("--registry-harness-accent");
      set("accent", accent.trim().replace(/^#/, ""));
      if (this.hasAttribute("room")) {
        const codes = { room: this.getAttribute("room"), join: this.getAttribute("join") ?? "" };
        address.hash = new URLSearchParams(codes).toString();
      }
      return address.href;
    }

    #command(type, fields, isDone) {
      return new Promise((resolve, reject) => {
        this.#waiting.add({ isDone, resolve, reject });
        this.#post(type, fields);
      });
    }

    #post(type, fields) {
      const message = { source: "registry-harness", version: 1, type, ...fields };
      if (this.#isReady) this.#frame.contentWindow.postMessage(message, home.origin);
      else this.#outbox.push([type, fields]);
    }

    #hear({ data, origin, source }) {
      if (source !== this.#frame.contentWindow || origin !== home.origin) return;
      if (data?.source !== "registry-harness" || data.version !== 1) return;
      const { source: _, version, ...message } = data;
      this.#take(message);
      if (message.type === "resize") return;
      const { type, ...detail } = message;
      this.dispatchEvent(new CustomEvent(type, { detail }));
    }

    #take(message) {
      if (message.type === "resize") this.#frame.style.height = `${message.height}px`;
      if (message.type === "ready") {
        this.#isReady = true;
        for (const command of this.#outbox.splice(0)) this.#post(...command);
      }
      if (message.type === "state") this.#state = message.state;
      if (message.type === "room") this.#room = message;
      if (this.#state === "idle") this.#room = null;
      if (message.type === "error") return this.#fail(message);
      for (const waiter of this.#waiting) {
        if (!waiter.isDone(message)) continue;
        this.#waiting.delete(waiter);
        const { type, ...result } = message;
        waiter.resolve(result);
      }
    }

    #fail(reason) {
      for (const waiter of this.#waiting) waiter.reject(new RegistryHarnessError(reason));
      this.#waiting.clear();
    }
  }

  customElements.define("registry-harness", RegistryHarness);
})();
