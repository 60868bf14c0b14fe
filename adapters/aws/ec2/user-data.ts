/**
 * Reads signs in user data that decisions ask for, and keeps nothing else of it: it may hold passwords. User data is base64; what is in
 * it may be a script, a MIME archive of several, and each of them compressed. Source: EC2 user guide, "Run commands at launch";
 * cloud-init, "User data formats".
 */
import { gunzipSync } from "node:zlib";
import type { BootSign } from "../../../core/model/group-template.ts";

/** RFC 1952. */
const isGzip = (bytes: Buffer): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b;

/** Sixteen kilobytes of user data may be bombs of gigabytes. */
const mostBytes = 16 * 1024 * 1024;

/** Undefined: it can't be unpacked. */
const unpacked = (bytes: Buffer): Buffer | undefined => {
  if (!isGzip(bytes)) return bytes;
  try {
    return gunzipSync(bytes, { maxOutputLength: mostBytes });
  } catch (error) {
    if (error instanceof Error && "code" in error) return undefined;
    throw error;
  }
};

interface Part {
  readonly headers: string;
  readonly body: string;
}

const partOf = (text: string): Part => {
  const [headers = "", ...rest] = text.split(/\r?\n\r?\n/);
  return { headers, body: rest.join("\n\n") };
};

const boundaryOf = (headers: string): string | undefined => {
  const [, quoted, plain] = /boundary=(?:"([^"]+)"|([^\s;]+))/i.exec(headers) ?? [];
  return quoted ?? plain;
};

/** Deeper than that it is not an archive that somebody wrote. */
const deepest = 4;

const bodyOf = ({ headers, body }: Part): Buffer =>
  /content-transfer-encoding:\s*base64/i.test(headers)
    ? Buffer.from(body, "base64")
    : Buffer.from(body, "latin1");

/** All texts in it, each unpacked. */
const textsIn = (bytes: Buffer, depth = 0): readonly string[] => {
  const plain = unpacked(bytes);
  if (plain === undefined || depth > deepest) return [];
  const text = plain.toString("latin1");
  const whole = partOf(text);
  const boundary = /^content-type:\s*multipart\//im.test(whole.headers)
    ? boundaryOf(whole.headers)
    : undefined;
  if (boundary === undefined) return [text];
  return whole.body
    .split(`--${boundary}`)
    .slice(1)
    .map((part) => partOf(part.replace(/^\r?\n/, "")))
    .flatMap((part) =>
      /^content-type:\s*multipart\//im.test(part.headers)
        ? textsIn(Buffer.from(`${part.headers}\n\n${part.body}`, "latin1"), depth + 1)
        : textsIn(bodyOf(part), depth + 1),
    );
};

const isOfBeanstalk = (text: string): boolean =>
  /cfn-(init|signal|hup)/.test(text) && /elasticbeanstalk|awseb/i.test(text);

/** What each sign looks like in a script. */
const patterns: Readonly<Record<BootSign, (text: string) => boolean>> = {
  "complete-lifecycle-action": (text) =>
    /complete-?lifecycle-?action|record-lifecycle-action-heartbeat/i.test(text),
  "target-lifecycle-state": (text) => /autoscaling\/target-lifecycle-state/.test(text),
  "describe-auto-scaling-instances": (text) => /describe-?auto-?scaling-?instances/i.test(text),
  "cfn-init of Elastic Beanstalk": isOfBeanstalk,
  ECS_CLUSTER: (text) => /\bECS_CLUSTER\b/.test(text),
  "docker swarm": (text) => /docker\s+swarm\s+join/.test(text),
  nomad: (text) => /\bnomad\s+agent\b|\/etc\/nomad/.test(text),
  "jenkins agent": (text) => /jnlpJars\/agent\.jar|swarm-client\S*\.jar/.test(text),
};

/** What a comment says is not done. */
const withoutComments = (text: string): string => text.replaceAll(/^[ \t]*#(?!!).*$/gm, "");

/** @param userData base64, as EC2 keeps it */
export const bootSignsIn = (userData: string | undefined): readonly BootSign[] => {
  if (userData === undefined || userData === "") return [];
  const texts = textsIn(Buffer.from(userData, "base64")).map(withoutComments);
  return (Object.keys(patterns) as BootSign[]).filter((sign) => texts.some(patterns[sign]));
};
