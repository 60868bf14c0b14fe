/**
 * The cluster's own certificate authority, and the server's certificate for the loopback address. Both keys come from the seed: the same
 * cluster has the same authority in each run, so that a kubeconfig stays good. Ed25519, because its signatures are the same each time.
 * Source: RFC 5280, RFC 8410.
 */
import {
  createPrivateKey,
  createPublicKey,
  sign,
  X509Certificate,
  type KeyObject,
} from "node:crypto";
import type { Random } from "../../random.ts";
import {
  bits,
  generalizedTime,
  integer,
  objectId,
  octets,
  sequence,
  set,
  tagged,
  utf8,
  yes,
} from "./der.ts";

export interface ClusterPki {
  /** PEM. */
  readonly authority: string;
  readonly serverCertificate: string;
  readonly serverKey: string;
}

const ed25519 = sequence(objectId("1.3.101.112"));

/** RFC 8410, section 7: a private key is 32 bytes in two octet strings. */
const keyFrom = (random: Random): KeyObject =>
  createPrivateKey({
    key: sequence(
      integer(Buffer.from([0])),
      ed25519,
      octets(octets(Buffer.from(random.hex(64), "hex"))),
    ),
    format: "der",
    type: "pkcs8",
  });

const nameOf = (commonName: string): Buffer =>
  sequence(set(sequence(objectId("2.5.4.3"), utf8(commonName))));

const extension = (id: string, isCritical: boolean, content: Buffer): Buffer =>
  sequence(objectId(id), ...(isCritical ? [yes] : []), octets(content));

const basicConstraints = (isAuthority: boolean): Buffer =>
  extension("2.5.29.19", true, isAuthority ? sequence(yes) : sequence());

/** keyCertSign is bit 5, digitalSignature bit 0. */
const keyUsage = (isAuthority: boolean): Buffer =>
  extension("2.5.29.15", true, tagged(0x03, Buffer.from(isAuthority ? [2, 0x04] : [7, 0x80])));

const serverAuth = extension("2.5.29.37", false, sequence(objectId("1.3.6.1.5.5.7.3.1")));

/** Names by tag 2, addresses by tag 7. */
const alternativeNames = extension(
  "2.5.29.17",
  false,
  sequence(
    tagged(0x82, Buffer.from("localhost")),
    tagged(0x82, Buffer.from("kubernetes.default.svc")),
    tagged(0x87, Buffer.from([127, 0, 0, 1])),
  ),
);

/** Far from any time that a simulation shows. */
const validity = sequence(generalizedTime("2000-01-01"), generalizedTime("2099-12-31"));

interface Certified {
  readonly subject: string;
  readonly issuer: string;
  readonly key: KeyObject;
  readonly signer: KeyObject;
  readonly serial: Buffer;
  readonly extensions: readonly Buffer[];
}

const certificateOf = ({ subject, issuer, key, signer, serial, extensions }: Certified): string => {
  const publicKey = createPublicKey(key);
  const body = sequence(
    tagged(0xa0, integer(Buffer.from([2]))),
    integer(serial),
    ed25519,
    nameOf(issuer),
    validity,
    nameOf(subject),
    publicKey.export({ format: "der", type: "spki" }),
    tagged(0xa3, sequence(...extensions)),
  );
  const der = sequence(body, ed25519, bits(sign(null, body, signer)));
  return new X509Certificate(der).toString();
};

/** The first byte is below 0x80 and not zero, so that the number is positive and as short as can be. */
const serialFrom = (random: Random): Buffer =>
  Buffer.from(`4${random.hex(1)}${random.hex(14)}`, "hex");

export const createPki = (random: Random): ClusterPki => {
  const [authorityKey, serverKey] = [
    keyFrom(random.fork("authority")),
    keyFrom(random.fork("server")),
  ];
  const issuer = "kubernetes";
  const common = { issuer, signer: authorityKey };
  return {
    authority: certificateOf({
      ...common,
      subject: issuer,
      key: authorityKey,
      serial: serialFrom(random),
      extensions: [basicConstraints(true), keyUsage(true)],
    }),
    serverCertificate: certificateOf({
      ...common,
      subject: "kube-apiserver",
      key: serverKey,
      serial: serialFrom(random),
      extensions: [basicConstraints(false), keyUsage(false), serverAuth, alternativeNames],
    }),
    serverKey: serverKey.export({ format: "pem", type: "pkcs8" }).toString(),
  };
};
