/**
 * What the Workers runtime calls. The Registry itself is WebAssembly. If it traps, the next call creates a new instance;
 * objects of the old instance are then recreated, and load their room from disk.
 */
import { DurableObject, WorkerEntrypoint } from 'cloudflare:workers';
import * as registry from '../build/index.js';

export default class Registry extends WorkerEntrypoint {
  fetch(request) {
    return registry.fetch(request, this.env, this.ctx);
  }
}

export class RoomObject extends DurableObject {
  #room;
  #instance;

  fetch(request) {
    return this.#current().fetch(request);
  }

  alarm() {
    return this.#current().alarm();
  }

  #current() {
    const instance = registry.__worker_init_state().instanceId;
    if (instance !== this.#instance) {
      this.#room = new registry.RoomObject(this.ctx, this.env);
      this.#instance = instance;
    }
    return this.#room;
  }
}
