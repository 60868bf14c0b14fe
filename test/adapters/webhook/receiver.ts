/** A receiver of webhooks on 127.0.0.1, with a certificate that only its own tests trust. */
import { createServer } from "node:https";
import type { AddressInfo, LookupFunction } from "node:net";
import type { IncomingHttpHeaders, RequestListener } from "node:http";

/** Of `hooks.example.com` and 127.0.0.1, good for a hundred years; its key opens nothing else. */
export const certificate = `-----BEGIN CERTIFICATE-----
MIIBsTCCAVagAwIBAgIUGV1dXW9cCIqbuOka/kf+vnxVfSQwCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyODIxNDM1NloYDzIxMjYxMTA0
MjE0MzU2WjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAATptNZvrdFTuLX3u4vSpeNZlc+LD8MX+izqpE7e78DD6/LcLdLmpcxa
S2TDuAX+MDlAHtvFfrDyMj9mMEfHI/xHo4GDMIGAMB0GA1UdDgQWBBQ0Kn3+UcEP
VMgnJqa1lu0q8pSqFTAfBgNVHSMEGDAWgBQ0Kn3+UcEPVMgnJqa1lu0q8pSqFTAP
BgNVHRMBAf8EBTADAQH/MC0GA1UdEQQmMCSCEWhvb2tzLmV4YW1wbGUuY29tggls
b2NhbGhvc3SHBH8AAAEwCgYIKoZIzj0EAwIDSQAwRgIhAOfQS5gtEPCEyS3/+3a4
ByQD4YEjB4kNKVHuQ/y0t0YEAiEAh6YuU7394xx6CXv/RpWV7k4on3WzS44RsF9F
M2D61I4=
-----END CERTIFICATE-----
`;

const privateKey = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg9vMdLl654ltXvT4z
Rn3sUlB2Ngnah5iXgYJE1K1C1POhRANCAATptNZvrdFTuLX3u4vSpeNZlc+LD8MX
+izqpE7e78DD6/LcLdLmpcxaS2TDuAX+MDlAHtvFfrDyMj9mMEfHI/xH
-----END PRIVATE KEY-----
`;

interface Received {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface Receiver {
  readonly port: number;
  readonly received: readonly Received[];
  readonly close: () => Promise<void>;
}

/** `answer`: what it does once it has read the request. */
export const openReceiver = async (answer: RequestListener): Promise<Receiver> => {
  const received: Received[] = [];
  const server = createServer({ key: privateKey, cert: certificate }, (request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => {
      body += chunk.toString("utf8");
    });
    request.on("end", () => {
      const { method = "", url: path = "", headers } = request;
      received.push({ method, path, headers, body });
      answer(request, response);
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    received,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => {
          resolve();
        });
      }),
  };
};

/** A name server that answers each time with the next of these addresses, and then with the last of them. */
export const answering = (
  ...answers: readonly (readonly string[])[]
): LookupFunction & { readonly asked: () => number } => {
  let count = 0;
  const lookup: LookupFunction = (_name, _options, callback) => {
    const found = answers[Math.min(count, answers.length - 1)] ?? [];
    count += 1;
    callback(
      null,
      found.map((address) => ({ address, family: address.includes(":") ? 6 : 4 })),
    );
  };
  return Object.assign(lookup, { asked: () => count });
};
