import { describe, expect, it } from "@jest/globals";
import { Hash } from "@smithy/core/serde";
import { SignatureV4 } from "@smithy/signature-v4";
import type { SourceData } from "@smithy/types";
import fc from "fast-check";
import { signatureFault, type ReceivedRequest } from "../../../local/wire/signature.ts";
import { anyCharacter } from "../../any-character.ts";

class Sha256 extends Hash {
  constructor(secret?: SourceData) {
    super("sha256", secret);
  }
}

const key = { accessKeyId: "AKIAKNOWN", secretAccessKey: "se/cret+" };
const session = { ...key, accessKeyId: "ASIAKNOWN", sessionToken: "to/ken" };
const atMs = Date.UTC(2026, 2, 2, 9);
const minuteMs = 60_000;

interface Sent {
  readonly method?: string;
  readonly path?: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly credentials?: typeof key;
}

const signerOf = ({ credentials = key }: Sent): SignatureV4 =>
  new SignatureV4({ service: "ec2", region: "eu-west-1", credentials, sha256: Sha256 });

const requestOf = ({ method = "POST", path = "/", query = {}, headers = {}, body = "" }: Sent) => ({
  method,
  protocol: "http:",
  hostname: "127.0.0.1",
  path,
  query: { ...query },
  headers: { host: "127.0.0.1:4401", ...headers },
  body,
});

const escaped = (text: string): string => encodeURIComponent(text).replaceAll("'", "%27");

const received = ({
  method,
  path,
  headers,
  body,
  query = {},
}: Awaited<ReturnType<SignatureV4["sign"]>>): ReceivedRequest => {
  const pairs = Object.entries(query).map(
    ([name, value]) => `${escaped(name)}=${escaped(String(value))}`,
  );
  return {
    method,
    target: pairs.length === 0 ? path : `${path}?${pairs.join("&")}`,
    headers: Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
    ),
    body: Buffer.from(String(body ?? "")),
  };
};

const signed = async (sent: Sent = {}): Promise<ReceivedRequest> =>
  received(await signerOf(sent).sign(requestOf(sent), { signingDate: new Date(atMs) }));

const presigned = async (sent: Sent = {}, expiresIn = 60): Promise<ReceivedRequest> =>
  received(
    await signerOf(sent).presign(requestOf({ method: "GET", ...sent }), {
      signingDate: new Date(atMs),
      expiresIn,
    }),
  );

const judge = (request: ReceivedRequest, nowMs = atMs): string | undefined =>
  signatureFault(request, {
    nowMs,
    keyOf: (id) => [key, session].find(({ accessKeyId }) => accessKeyId === id),
  })?.refusal;

const withHeaders = (
  request: ReceivedRequest,
  headers: ReceivedRequest["headers"],
): ReceivedRequest => ({ ...request, headers: { ...request.headers, ...headers } });

describe("the signature of a request", () => {
  it("is good as the SDK makes it, whatever path, query, headers and body are", async () => {
    const text = fc.string({ unit: anyCharacter, minLength: 1, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          method: fc.constantFrom("GET", "POST", "DELETE"),
          path: fc
            .array(text.map((part) => encodeURIComponent(part)))
            .map((all) => `/${all.join("/")}`),
          query: fc.dictionary(
            text.filter((name) => !name.startsWith("X-Amz-")),
            text,
            { noNullPrototype: true },
          ),
          headers: fc.record({ "content-type": fc.constantFrom("a  b", " application/json ") }),
          body: text,
        }),
        async (sent) => {
          expect(judge(await signed(sent))).toBeUndefined();
          expect(judge(await presigned({ ...sent, body: "" }))).toBeUndefined();
        },
      ),
      { numRuns: 60 },
    );
  });

  it("is good with the token of the session whose key it is, and with no other", async () => {
    const request = await signed({ credentials: session });
    expect(judge(request)).toBeUndefined();
    expect(judge(await presigned({ credentials: session }))).toBeUndefined();
    const other = await signed({
      credentials: { ...session, sessionToken: "other" } as typeof key,
    });
    expect(judge(other)).toBe("UNKNOWN_KEY");
    expect(judge(await signed({ credentials: { ...key, accessKeyId: "ASIAKNOWN" } }))).toBe(
      "UNKNOWN_KEY",
    );
  });

  it("is not asked of a request that names no key: the service asks it", () => {
    expect(judge({ method: "POST", target: "/", headers: {}, body: Buffer.of() })).toBeUndefined();
  });

  it.each([
    ["another secret", { credentials: { ...key, secretAccessKey: "wrong" } }, "WRONG_SIGNATURE"],
    ["a key that is not known", { credentials: { ...key, accessKeyId: "AKIA2" } }, "UNKNOWN_KEY"],
  ])("is refused with %s", async (...[, sent, refusal]) => {
    expect(judge(await signed(sent))).toBe(refusal);
    expect(judge(await presigned(sent))).toBe(refusal);
  });

  it.each<readonly [string, Partial<ReceivedRequest>]>([
    ["method", { method: "GET" }],
    ["path", { target: "/other" }],
    ["query", { target: "/?a=1" }],
    ["body", { body: Buffer.from("Action=TerminateInstances") }],
  ])("is over the %s", async (_what, change) => {
    expect(judge({ ...(await signed({ body: "Action=StopInstances" })), ...change })).toBe(
      "WRONG_SIGNATURE",
    );
  });

  it("is over each header that it says it is, of which Host and AWS's own must be some", async () => {
    const request = await signed({ headers: { "x-amz-target": "A.B" } });
    expect(judge(withHeaders(request, { "x-amz-target": "A.C" }))).toBe("WRONG_SIGNATURE");
    expect(judge(withHeaders(request, { host: "localhost:4401" }))).toBe("WRONG_SIGNATURE");
    expect(judge(withHeaders(await signed(), { "x-amz-target": "A.C" }))).toBe(
      "INCOMPLETE_SIGNATURE",
    );
  });

  it.each([
    ["five minutes", 5 * minuteMs, undefined],
    ["more than five minutes", 5 * minuteMs + 1, "SIGNED_AT_ANOTHER_TIME"],
  ])("may be %s from the clock of this machine", async (...[, apartMs, refusal]) => {
    const request = await signed();
    expect(judge(request, atMs + apartMs)).toBe(refusal);
    expect(judge(request, atMs - apartMs)).toBe(refusal);
  });

  it("of a presigned request is good for as long as that says, at most a week", async () => {
    const request = await presigned({}, 60);
    expect(judge(request, atMs + minuteMs)).toBeUndefined();
    expect(judge(request, atMs + minuteMs + 1)).toBe("SIGNED_AT_ANOTHER_TIME");
    const target = request.target.replace("X-Amz-Expires=60", "X-Amz-Expires=604801");
    expect(judge({ ...request, target })).toBe("INCOMPLETE_SIGNATURE");
  });

  it.each([
    ["of another algorithm", { authorization: "Basic Credential=AKIAKNOWN/a/b/ec2/aws4_request" }],
    ["without a scope", { authorization: "AWS4-HMAC-SHA256 Credential=AKIAKNOWN" }],
    ["without a time", { "x-amz-date": undefined }],
    ["of another day", { "x-amz-date": "20260303T090000Z" }],
  ])("is not complete when it is %s", async (_what, headers) => {
    expect(judge(withHeaders(await signed(), headers))).toBe("INCOMPLETE_SIGNATURE");
  });

  it("stands in one place, once", async () => {
    const { authorization } = (await signed()).headers;
    const request = await presigned();
    expect(judge(withHeaders(request, { authorization }))).toBe("INCOMPLETE_SIGNATURE");
    const target = `${request.target}&X-Amz-Credential=AKIAOTHER%2Fa%2Fb%2Fec2%2Faws4_request`;
    expect(judge({ ...request, target })).toBe("INCOMPLETE_SIGNATURE");
    expect(judge({ ...request, target: "/?X-Amz-Date=%zz" })).toBe("INCOMPLETE_SIGNATURE");
  });
});
