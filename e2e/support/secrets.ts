/** Whether a text holds a secret. Six digits in a row are also part of many longer numbers, which are none. */
export function holds(text: string, secret: string): boolean {
  return /^\d+$/.test(secret) ? new RegExp(`(?<![\\d.])${secret}(?![\\d.])`).test(text) : text.includes(secret);
}
