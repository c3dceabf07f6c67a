/** Whether a text contains a secret. Six digits within a longer number are not a join code. */
export function holds(text: string, secret: string): boolean {
  return /^\d+$/.test(secret) ? new RegExp(`(?<![\\d.])${secret}(?![\\d.])`).test(text) : text.includes(secret);
}
