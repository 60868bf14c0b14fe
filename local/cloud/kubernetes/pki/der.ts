/** Writes ASN.1 in its distinguished encoding (DER), as far as a certificate needs it. Source: ITU-T X.690. */

const lengthOf = (count: number): Buffer => {
  if (count < 128) return Buffer.from([count]);
  const bytes = Buffer.from(count.toString(16).padStart(count > 0xff ? 4 : 2, "0"), "hex");
  return Buffer.concat([Buffer.from([0x80 | bytes.byteLength]), bytes]);
};

export const tagged = (tag: number, ...contents: readonly Buffer[]): Buffer => {
  const content = Buffer.concat(contents);
  return Buffer.concat([Buffer.from([tag]), lengthOf(content.byteLength), content]);
};

export const sequence = (...contents: readonly Buffer[]): Buffer => tagged(0x30, ...contents);
export const set = (...contents: readonly Buffer[]): Buffer => tagged(0x31, ...contents);
export const octets = (content: Buffer): Buffer => tagged(0x04, content);
export const bits = (content: Buffer): Buffer => tagged(0x03, Buffer.from([0]), content);
export const utf8 = (text: string): Buffer => tagged(0x0c, Buffer.from(text));
export const yes = tagged(0x01, Buffer.from([0xff]));

/** Of bytes that begin below 0x80. */
export const integer = (bytes: Buffer): Buffer => tagged(0x02, bytes);

/** `2049-12-31`, at midnight. */
export const generalizedTime = (day: string): Buffer =>
  tagged(0x18, Buffer.from(`${day.replaceAll("-", "")}000000Z`));

/** `1.3.101.112`. */
export const objectId = (dotted: string): Buffer => {
  const [first = 0, second = 0, ...rest] = dotted.split(".").map(Number);
  const bytes = [first * 40 + second, ...rest].flatMap((number) => {
    const groups = [number & 0x7f];
    for (let left = number >> 7; left > 0; left >>= 7) groups.unshift((left & 0x7f) | 0x80);
    return groups;
  });
  return tagged(0x06, Buffer.from(bytes));
};
