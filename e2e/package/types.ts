/** What the package exports, as far as the tests use it. */
export declare function init(source?: unknown): Promise<void>;

export declare class RegistryClientError extends Error {
  kind: string;
  code: string;
  diagnostics: { phase: string };
}

export declare class WebRTCRegistryClient {
  constructor(config: { registryApiUrl: string; iceServers: unknown[] });
  getConnectionState(): string;
}
