/**
 * What AWS works out of a signature: the caller's own secret, the scope and the request in its canonical form. Source: IAM user guide,
 * "Create a signed AWS API request" (Signature Version 4).
 */
import { createHmac, createSecretKey, hash } from "node:crypto";

/** How far apart a request and AWS's clock may be. Source: IAM user guide, "Troubleshoot Signature Version 4 signing": 5 minutes. */
export const clockSkewMs = 5 * 60_000;

/** Bytes become a key first: of mere bytes Node finds out what they are by an error that it throws and catches, which takes three times as long. */
const hmac = (key: string | Buffer, text: string): Buffer =>
  createHmac("sha256", typeof key === "string" ? key : createSecretKey(key))
    .update(text)
    .digest();

/** Hexadecimal. */
export const sha256Of = (content: string | Buffer): string => hash("sha256", content);

/** As SigV4 writes it: everything but unreserved characters. */
export const uriEncoded = (text: string): string =>
  encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );

const datePattern = /^(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})Z$/;

/** Of `20260302T090000Z`: milliseconds since the epoch; NaN for what is not such a time. */
export const signingTimeOf = (text: string): number => {
  const [, year, month, day, hour, minute, second] = datePattern.exec(text) ?? [];
  return Date.parse(
    `${String(year)}-${String(month)}-${String(day)}T${String(hour)}:${String(minute)}:${String(second)}Z`,
  );
};

/** @param signed.scope `<date>/<region>/<service>/aws4_request` */
export const signatureOf = (
  secret: string,
  signed: {
    /** `20260302T090000Z`. */
    readonly time: string;
    readonly scope: string;
    readonly canonicalRequest: string;
  },
): string => {
  const { time, scope, canonicalRequest } = signed;
  const text = ["AWS4-HMAC-SHA256", time, scope, sha256Of(canonicalRequest)].join("\n");
  const key = scope
    .split("/")
    .reduce<string | Buffer>((before, part) => hmac(before, part), `AWS4${secret}`);
  return hmac(key, text).toString("hex");
};
