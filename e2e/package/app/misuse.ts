/** What the types must reject: this does not compile unless each expected error occurs. */
import { ConnectionState, RegistryClientError, WebRTCRegistryClient, type IHttpClient } from 'webrtc-registry-client';

const config = { registryApiUrl: 'https://registry.example.com', iceServers: [] };

export function misuse(client: WebRTCRegistryClient): void {
  // @ts-expect-error missing configuration
  new WebRTCRegistryClient();
  // @ts-expect-error missing URL
  new WebRTCRegistryClient({ iceServers: [] });
  // @ts-expect-error no such state
  client.onStateChange((state) => state === 'lost');
  // @ts-expect-error a name must be a string
  void client.createRoom(1);
  // @ts-expect-error missing arguments
  void client.joinRoom('ABCD12', '123456');
  // @ts-expect-error no such event
  client.on('opened', () => {});
  client.on('state:changed', ({ oldState, newState }) => {
    // @ts-expect-error states are strings
    const number: number = oldState;
    return [number, newState === ConnectionState.CONNECTED];
  });
  // @ts-expect-error incomplete configuration
  const half: IHttpClient = { get: async () => undefined };
  // @ts-expect-error no such member
  new WebRTCRegistryClient({ ...config, httpClient: half, iceServer: [] });
}

/** How an application inspects an error. */
export function explain(error: unknown): string {
  if (!(error instanceof RegistryClientError)) return 'something else';
  return `${error.kind} ${error.code} ${error.retryable} ${error.diagnostics.phase} ${error.message}`;
}
