/** The error that a WebRTCRegistryClient throws, rejects with and reports. */
export class RegistryClientError extends Error {
  constructor(message, fields) {
    super(message);
    Object.assign(this, fields);
  }
}
Object.defineProperty(RegistryClientError.prototype, "name", { value: "RegistryClientError", configurable: true });
