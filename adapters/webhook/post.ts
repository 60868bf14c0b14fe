/**
 * Sends one message to a webhook: by HTTPS alone, to public addresses alone, within five seconds. The addresses are those that the connection
 * is made to, so that a name which answers otherwise a moment later gains nothing. Redirects are not followed, and the answer is not read.
 */
import { createHmac } from "node:crypto";
import { lookup as lookUpName } from "node:dns";
import { request, type RequestOptions } from "node:https";
import { isIP, type LookupFunction } from "node:net";
import { SpotOptimizerError } from "../../core/errors.ts";
import { isPublicAddress } from "./public-address.ts";

export interface WebhookCall {
  /** May hold a secret of its owner's in its path: it stands in no log and in no message. */
  readonly url: string;
  readonly body: string;
  readonly secret: string;
  readonly at: Date;
}

/** @throws RetryableUnavailable, BrokenRequest, BrokenInput; each names the host */
export type PostWebhook = (call: WebhookCall) => Promise<void>;

/** What answers later than this did not take it. From the first byte of the name's look-up on. */
const timeoutMs = 5_000;

export interface Reach {
  readonly mayReach: (address: string) => boolean;
  readonly lookup: LookupFunction;
  /** Certificates besides those of Node. */
  readonly ca?: string;
}

const publicReach: Reach = { mayReach: isPublicAddress, lookup: lookUpName };

/** By which the receiver knows that it is from us, and when it was sent: he refuses what is older than some minutes. */
export const signatureOf = ({
  secret,
  timestamp,
  body,
}: {
  readonly secret: string;
  /** Seconds since the epoch. */
  readonly timestamp: string;
  readonly body: string;
}): string => `v1=${createHmac("sha256", secret).update(`${timestamp}.${body}`).digest("hex")}`;

/** Without the length, which is the connection's. */
export const signedHeaders = ({ secret, body, at }: WebhookCall): Record<string, string> => {
  const timestamp = String(Math.floor(at.getTime() / 1000));
  return {
    "content-type": "application/json",
    "user-agent": "spot-optimizer",
    "spot-optimizer-timestamp": timestamp,
    "spot-optimizer-signature": signatureOf({ secret, timestamp, body }),
  };
};

const notPublic = (host: string): SpotOptimizerError =>
  new SpotOptimizerError(
    "BrokenInput",
    `The webhook at ${host} has an address that is not public: nothing is sent there.`,
    { resource: host },
  );

/** One that is not public is enough: which of them is connected to is the network's choice. */
const guarded =
  ({ lookup, mayReach }: Reach, host: string): LookupFunction =>
  (name, options, callback) => {
    lookup(name, { ...options, all: true }, (error, found) => {
      const addresses = Array.isArray(found) ? found : [];
      const isPublic = addresses.length > 0 && addresses.every(({ address }) => mayReach(address));
      if (error !== null || !isPublic) {
        callback(error ?? notPublic(host), []);
        return;
      }
      const [first] = addresses;
      if (options.all === true) callback(null, addresses);
      else callback(null, first?.address ?? "", first?.family);
    });
  };

const bare = (hostname: string): string => hostname.replace(/^\[(.*)\]$/, "$1");

/** Names of HTTP's own codes, and of the socket's. */
const whyNot = (host: string, error: Error): SpotOptimizerError => {
  if (error instanceof SpotOptimizerError) return error;
  const code = "code" in error && typeof error.code === "string" ? error.code : error.message;
  return new SpotOptimizerError(
    "RetryableUnavailable",
    `The webhook at ${host} does not answer (${code}).`,
    { resource: host, cause: error },
  );
};

const refusal = (host: string, status: number): SpotOptimizerError =>
  new SpotOptimizerError("BrokenRequest", `The webhook at ${host} answered ${String(status)}.`, {
    resource: host,
  });

const send = (options: RequestOptions, { host, body }: { host: string; body: string }) =>
  new Promise<void>((resolve, reject) => {
    const asked = request(options);
    const timer = setTimeout(() => {
      const took = new SpotOptimizerError(
        "RetryableUnavailable",
        `The webhook at ${host} did not answer within ${String(timeoutMs / 1000)} s.`,
        { resource: host },
      );
      asked.destroy(took);
    }, timeoutMs);
    asked.once("response", (response) => {
      clearTimeout(timer);
      const { statusCode: status = 0 } = response;
      response.destroy();
      if (status >= 200 && status < 300) resolve();
      else reject(refusal(host, status));
    });
    asked.once("error", (error) => {
      clearTimeout(timer);
      reject(whyNot(host, error));
    });
    asked.end(body);
  });

/** `reach`: other than the public internet only where that is meant, as in tests. */
export const webhookPost =
  (reach: Reach = publicReach): PostWebhook =>
  async (call) => {
    const { protocol, hostname, port, pathname, search } = new URL(call.url);
    const host = bare(hostname);
    if (protocol !== "https:") {
      throw new SpotOptimizerError("BrokenInput", `The webhook at ${host} is not HTTPS.`, {
        resource: host,
      });
    }
    // An address in place of a name is looked up nowhere.
    if (isIP(host) !== 0 && !reach.mayReach(host)) throw notPublic(host);
    const options: RequestOptions = {
      method: "POST",
      hostname: host,
      port: port === "" ? 443 : Number(port),
      path: `${pathname}${search}`,
      headers: {
        ...signedHeaders(call),
        "content-length": String(Buffer.byteLength(call.body)),
      },
      // Each message opens a connection of its own: one that is kept would not be looked at.
      agent: false,
      lookup: guarded(reach, host),
      ...(reach.ca !== undefined && { ca: reach.ca }),
    };
    await send(options, { host, body: call.body });
  };
