// <registry-harness>: embeds the harness in any page. See docs/EMBEDDING.md for its use and the messages.
// tidy: long because a page includes one script.
"use strict";

(() => {
  if (customElements.get("registry-harness")) return;

  // In a module there is no current script, and in a bundle it is another one.
  const scripts = document.currentScript ? [document.currentScript] : [...document.scripts];
  const ofThis = scripts.filter(({ src }) => /\/embed\.js([?#]|$)/.test(src));
  const script = ofThis.length === 1 ? ofThis[0] : undefined;
  const PROTOCOL = { source: "registry-harness", version: 1 };
  /**
   * How long a frame may take, in milliseconds: to load, to say a word once it has, to start; and that of an element that was
   * removed, to meet the peer again and to close its room.
   */
  const PATIENCE = { load: 15_000, speak: 3_000, start: 60_000, meet: 60_000, close: 10_000 };
  /** Attributes that are properties with the same name, too, as frameworks set them. */
  const WORDS = ["accent", "as", "name", "registry", "src", "stun", "theme"];
  const HOST = ":host { display: block } :host([hidden]) { display: none }";
  const FRAME = `
    display: block;
    width: 100%;
    height: 320px;
    border: var(--registry-harness-border, 0);
    border-radius: var(--registry-harness-radius, 0);
  `;

  /** Why a command was refused. */
  class RegistryHarnessError extends Error {
    constructor(code, message, retryable = false) {
      super(message);
      this.name = "RegistryHarnessError";
      this.code = code;
      this.retryable = retryable;
    }
  }

  function attempt(act) {
    try {
      return act();
    } catch {
      return undefined;
    }
  }

  // A frame keeps its connection over a reload under a name that only its element knows. This page keeps the names, and
  // only while it is reloaded: an element with the same `id`, or in the same place among those without, gets its name back.
  const shelf = () => `registry-harness ${location.pathname}${location.search}`;
  const earlier = attempt(() => new Map(JSON.parse(sessionStorage.getItem(shelf()))));
  attempt(() => sessionStorage.removeItem(shelf()));
  const isBack = ["reload", "back_forward"].includes(performance.getEntriesByType("navigation")[0]?.type);
  const known = (isBack && earlier) || new Map();
  /** The sessions of the elements in the page. */
  const sessions = new Map();
  addEventListener("pagehide", () => attempt(() => sessionStorage.setItem(shelf(), JSON.stringify([...sessions]))));
  let places = 0;

  function newSession(key) {
    const name = known.get(key) ?? crypto.getRandomValues(new Uint32Array(4)).join("-");
    known.delete(key);
    return name;
  }

  /** Says goodbye for an element that was removed: its frame could not know that it would not come back. */
  function part(address) {
    const frame = document.createElement("iframe");
    let isClosing = false;
    let timer;
    function wait(act, patience) {
      clearTimeout(timer);
      timer = setTimeout(act, patience);
    }
    function end() {
      clearTimeout(timer);
      removeEventListener("message", hear);
      frame.remove();
    }
    function close() {
      if (isClosing) return;
      isClosing = true;
      wait(end, PATIENCE.close);
      frame.contentWindow.postMessage({ ...PROTOCOL, type: "close", id: 0 }, address.origin);
    }
    function hear({ data, origin, source }) {
      if (source !== frame.contentWindow || origin !== address.origin || data?.source !== PROTOCOL.source) return;
      if (data.type === "result" || (!isClosing && ["idle", "error"].includes(data.state))) return end();
      if (data.state === "connected") return close();
      if (data.type === "loading") wait(end, PATIENCE.start);
      // It is on its way to the peer.
      if (data.type === "ready") wait(close, PATIENCE.meet);
    }
    wait(end, PATIENCE.load);
    addEventListener("message", hear);
    address.searchParams.delete("auto");
    frame.style.display = "none";
    frame.src = address.href;
    document.documentElement.append(frame);
  }

  /** Where a value has something that JSON would lose or change; undefined if there is no such place. */
  function notJson(value, path = "data", outer = []) {
    if (value === null || ["string", "boolean"].includes(typeof value) || Number.isFinite(value)) return undefined;
    const proto = typeof value === "object" && Object.getPrototypeOf(value);
    const isPlain = Array.isArray(value) || proto === null || (proto && Object.getPrototypeOf(proto) === null);
    if (!isPlain || outer.includes(value)) return path;
    const items = Array.isArray(value) ? Array.from(value).entries() : Object.entries(value);
    for (const [key, item] of items) {
      const place = notJson(item, `${path}.${key}`, [...outer, value]);
      if (place) return place;
    }
    return undefined;
  }

  /** Sets an attribute, as a framework does that sets properties; nothing removes it. */
  function reflect(element, name, value) {
    if (value === null || value === undefined || value === false) element.removeAttribute(name);
    else element.setAttribute(name, value === true ? "" : value);
  }

  const isRegistry = (text) => /^https?:\/\/[^\s@?#/:][^\s@?#]*$/.test(text) && attempt(() => new URL(text));
  const isName = (name) => name === undefined || typeof name === "string";
  const bad = (message) => new RegistryHarnessError("bad_argument", message);

  class RegistryHarness extends HTMLElement {
    static observedAttributes = [...WORDS, "auto", "join", "role", "room", "title"];

    #frame;
    /** Where the page in the frame is. */
    #home;
    #listening;
    #state = "idle";
    #room = null;
    /** By what it is recognised after a reload, and the name of its session. */
    #key;
    #session;
    /** Whether a peer may be waiting for it. */
    #hasPeer = false;
    /** Whether there is a page in the frame, and whether it takes commands. */
    #isThere = false;
    #isReady = false;
    /** Why it cannot be used. */
    #fault;
    /** Whether an attribute was changed that the frame reads when it loads. */
    #isStale = false;
    #patience;
    #parting;
    /** Commands that wait for the frame to be ready. */
    #outbox = [];
    /** Commands without an outcome. */
    #pending = new Map();
    #lastId = 0;

    constructor() {
      super();
      const root = this.attachShadow({ mode: "open" });
      const sheet = attempt(() => new CSSStyleSheet());
      if (sheet && root.adoptedStyleSheets) {
        sheet.replaceSync(HOST);
        root.adoptedStyleSheets = [sheet];
      } else {
        root.append(Object.assign(document.createElement("style"), { textContent: HOST }));
      }
    }

    /** The name of the client's state. */
    get state() {
      return this.#state;
    }

    /** The latest state of the room; null if there is none. */
    get room() {
      return this.#room;
    }

    /** A framework sets the attribute. */
    set room(code) {
      reflect(this, "room", code);
    }

    /** Joins a room; resolves when it is joined. */
    get join() {
      return this.#join;
    }

    /** A framework sets the attribute. */
    set join(code) {
      reflect(this, "join", code);
    }

    get auto() {
      // Vue writes false as a word where the element is not defined yet.
      return ![null, "false"].includes(this.getAttribute("auto"));
    }

    set auto(isOn) {
      reflect(this, "auto", isOn || isOn === "");
    }

    connectedCallback() {
      // What was set before the element was defined.
      for (const name of [...WORDS, "auto", "join", "room"]) {
        const own = Object.getOwnPropertyDescriptor(this, name);
        if (own && delete this[name]) this[name] = own.value;
      }
      const key = this.id && !sessions.has(`#${this.id}`) ? `#${this.id}` : undefined;
      this.#key ??= key ?? String((places += 1));
      this.#session ??= newSession(this.#key);
      sessions.set(this.#key, this.#session);
      this.#load();
    }

    /** Moved with `moveBefore`: nothing has happened to the frame. */
    connectedMoveCallback() {}

    disconnectedCallback() {
      const address = this.#home && this.#address();
      this.#unload("the element was removed, or moved in a way that reloads its frame");
      sessions.delete(this.#key);
      clearTimeout(this.#parting);
      this.#parting = setTimeout(() => {
        if (this.isConnected) return;
        if (this.#hasPeer && address) part(address);
        [this.#key, this.#session, this.#hasPeer] = [undefined, undefined, false];
      });
    }

    attributeChangedCallback(name, before, value) {
      if (!this.#listening || before === value) return;
      if (name === "title") {
        if (this.#frame) this.#frame.title = this.#title();
      } else if (name === "theme" || name === "accent") {
        if (this.#frame) this.#post({ type: "look", ...this.#look() });
      } else if (name !== "role" || ["host", "guest"].some((role) => role === before || role === value)) {
        this.#isStale = true;
        // More may be changed together.
        queueMicrotask(() => this.#refresh());
      }
    }

    /** Creates a room; resolves to it. */
    create(name) {
      if (!isName(name)) return Promise.reject(bad("create(name) needs a name that is a string, or none"));
      return this.#command("create", { name }).then(({ room }) => room);
    }

    #join(room, join, name) {
      const areCodes = typeof room === "string" && typeof join === "string";
      if (!areCodes) return Promise.reject(bad("join(room, join) needs a room code and a join code"));
      if (!isName(name)) return Promise.reject(bad("join(room, join, name) needs a name that is a string, or none"));
      return this.#command("join", { room, join, name }).then(() => undefined);
    }

    /** Starts the connection; resolves when the peers are connected. */
    start() {
      return this.#command("start").then(() => undefined);
    }

    /** Sends any JSON value; resolves when it is accepted. */
    async send(data) {
      const place = notJson(data);
      if (place) throw bad(`${place} is not a JSON value, so it cannot be sent`);
      // As it is now, and without what a framework has put around it.
      await this.#command("send", { data: JSON.parse(JSON.stringify(data)) });
    }

    /** Closes the room; resolves when that is done. */
    async close() {
      if (this.isConnected) await this.#command("close");
    }

    #title() {
      return this.title || "WebRTC session";
    }

    #look() {
      const accent = this.getAttribute("accent") ?? getComputedStyle(this).getPropertyValue("--registry-harness-accent");
      return { theme: this.getAttribute("theme"), accent: accent.trim().replace(/^#/, "") };
    }

    #address() {
      const address = new URL(this.#home);
      const set = (name, value) => value && address.searchParams.append(name, value);
      const { theme, accent } = this.#look();
      const role = ["host", "guest"].find((role) => role === this.getAttribute("role"));
      const [registry, name] = [this.getAttribute("registry"), this.getAttribute("name")];
      const all = { embed: "1", parent: origin, role: this.getAttribute("as") ?? role, registry, name, theme, accent };
      for (const [name, value] of Object.entries(all)) set(name, value);
      for (const url of (this.getAttribute("stun") ?? "").split(/[\s,]+/)) set("stun", url);
      if (this.getAttribute("stun") === "") address.searchParams.append("stun", "");
      if (this.auto) set("auto", "1");
      // What no server is told.
      const codes = { room: this.getAttribute("room"), join: this.getAttribute("join") ?? "" };
      address.hash = new URLSearchParams({ session: this.#session, ...(codes.room && codes) }).toString();
      return address;
    }

    /** Why there cannot be a frame. */
    #obstacle() {
      const source = this.getAttribute("src") || script?.src;
      this.#home = attempt(() => new URL(".", new URL(source, document.baseURI)));
      const registry = this.getAttribute("registry");
      if (registry !== null && !isRegistry(registry)) {
        return "the attribute registry is not the URL of a Registry, such as https://registry.example.com";
      }
      if (source === undefined) return "embed.js cannot tell where it comes from: give the element the attribute src";
      if (!/^https?:$/.test(this.#home?.protocol)) return "the attribute src is not an address such as https://example.com";
      if (origin === "null") return "this page has no origin: it is a file, or a sandboxed frame without allow-same-origin";
      return undefined;
    }

    #load() {
      this.#isStale = false;
      this.#listening = new AbortController();
      const obstacle = this.#obstacle();
      if (obstacle) {
        this.#home = undefined;
        this.shadowRoot.append(Object.assign(document.createElement("p"), { textContent: obstacle }));
        return this.#break(bad(obstacle));
      }
      const frame = document.createElement("iframe");
      const { signal } = this.#listening;
      addEventListener("message", (event) => this.#hear(event), { signal });
      document.addEventListener("securitypolicyviolation", (event) => this.#refused(event), { signal });
      frame.addEventListener("load", () => this.#isThere || this.#fault || this.#expect(PATIENCE.speak), { signal });
      frame.title = this.#title();
      frame.style.cssText = FRAME;
      // A browser without sharing would log a warning.
      frame.allow = navigator.share ? "clipboard-write; web-share" : "clipboard-write";
      frame.src = this.#address().href;
      this.#frame = frame;
      this.shadowRoot.append(frame);
      this.#expect(PATIENCE.load);
    }

    #unload(reason) {
      clearTimeout(this.#patience);
      this.#listening.abort();
      for (const child of [...this.shadowRoot.querySelectorAll("iframe, p")]) child.remove();
      this.#reject(new RegistryHarnessError("closed", reason));
      [this.#frame, this.#listening, this.#fault, this.#outbox] = [undefined, undefined, undefined, []];
      [this.#isThere, this.#isReady, this.#state, this.#room] = [false, false, "idle", null];
    }

    /** Loads the frame again where an attribute was changed and nothing is lost by that. */
    #refresh() {
      const isFree = this.#listening && ["idle", "error"].includes(this.#state) && this.#pending.size === 0;
      if (!this.#isStale || !isFree) return;
      this.#unload("an attribute was changed");
      this.#load();
    }

    /** Gives up if nothing is heard of the frame for this long. */
    #expect(patience) {
      clearTimeout(this.#patience);
      this.#patience = setTimeout(() => {
        const { origin: server } = this.#home;
        const isolated = globalThis.crossOriginIsolated ? ", and send Cross-Origin-Embedder-Policy as this page does" : "";
        const needs = `${server} must be running, and allow ${origin} with --embed-origins${isolated}`;
        const message = this.#isThere ? `the page of ${server} did not start` : `the frame did not load: ${needs}`;
        this.#break(new RegistryHarnessError("not_loaded", message, true));
      }, patience);
    }

    #refused({ blockedURI, disposition, effectiveDirective }) {
      const { origin: server } = this.#home;
      const isOfFrames = disposition === "enforce" && /^(frame|child|default)-src/.test(effectiveDirective);
      if (!isOfFrames || this.#isThere || attempt(() => new URL(blockedURI).origin) !== server) return;
      const message = `the Content-Security-Policy of this page blocks the frame: add ${server} to its frame-src`;
      this.#break(new RegistryHarnessError("not_loaded", message));
    }

    /** It cannot be used: every command is rejected, until the frame is heard of. */
    #break(fault) {
      clearTimeout(this.#patience);
      this.#fault = fault;
      this.#outbox = [];
      this.#reject(fault);
      const { code, message, retryable } = fault;
      // Not before the page could listen.
      queueMicrotask(() => this.dispatchEvent(new CustomEvent("error", { detail: { code, message, retryable } })));
    }

    #reject(reason) {
      for (const { reject } of this.#pending.values()) reject(reason);
      this.#pending.clear();
    }

    #command(type, fields) {
      const outside = new RegistryHarnessError("not_in_page", "the element is not in the page: insert it first");
      // What may pass is tried again.
      if (this.isConnected && this.#fault?.retryable) {
        this.#unload("the frame is loaded again");
        this.#load();
      }
      const fault = this.isConnected ? this.#fault : outside;
      if (fault) return Promise.reject(fault);
      return new Promise((resolve, reject) => {
        const id = (this.#lastId += 1);
        this.#pending.set(id, { resolve, reject });
        this.#post({ type, id, ...fields });
      });
    }

    #post(message) {
      if (this.#isReady) this.#frame.contentWindow.postMessage({ ...PROTOCOL, ...message }, this.#home.origin);
      else this.#outbox.push(message);
    }

    #hear({ data, origin, source }) {
      if (source !== this.#frame.contentWindow || origin !== this.#home.origin) return;
      if (data?.source !== PROTOCOL.source || data.version !== PROTOCOL.version) return;
      const { source: _, version, type, ...detail } = data;
      if (type === "error" && !this.#isReady) {
        return this.#break(new RegistryHarnessError(detail.code, detail.message, detail.retryable));
      }
      this.#take(type, detail);
      const isEvent = ["ready", "state", "room", "message", "error"].includes(type);
      if (isEvent) this.dispatchEvent(new CustomEvent(type, { detail }));
      this.#refresh();
    }

    #take(type, detail) {
      if (type === "loading") {
        if (this.#isReady) this.#reject(new RegistryHarnessError("closed", "the frame was reloaded"));
        [this.#isThere, this.#isReady, this.#fault] = [true, false, undefined];
        this.#expect(PATIENCE.start);
      }
      if (type === "ready") {
        clearTimeout(this.#patience);
        [this.#isThere, this.#isReady, this.#fault] = [true, true, undefined];
        for (const message of this.#outbox.splice(0)) this.#post(message);
      }
      if (type === "resize") this.#frame.style.height = `${detail.height}px`;
      if (type === "state" || type === "ready") this.#enter(detail.state);
      if (type === "room") this.#room = { ...detail };
      if (type === "result") this.#settle(detail);
    }

    #enter(state) {
      this.#state = state;
      this.#hasPeer = ["connecting", "connected", "disconnected"].includes(state);
      if (state === "idle") this.#room = null;
    }

    #settle({ id, error, ...outcome }) {
      if (outcome.room && this.#room === null) this.#room = outcome.room;
      const waiter = this.#pending.get(id);
      this.#pending.delete(id);
      if (error) waiter?.reject(new RegistryHarnessError(error.code, error.message, error.retryable));
      else waiter?.resolve(outcome);
    }
  }

  for (const name of WORDS) {
    Object.defineProperty(RegistryHarness.prototype, name, {
      configurable: true,
      enumerable: true,
      get() {
        return this.getAttribute(name) ?? "";
      },
      set(value) {
        reflect(this, name, value);
      },
    });
  }
  customElements.define("registry-harness", RegistryHarness);
})();
