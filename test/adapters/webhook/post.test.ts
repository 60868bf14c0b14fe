import { afterEach, describe, expect, it, jest } from "@jest/globals";
import { createHmac } from "node:crypto";
import { webhookPost, type Reach } from "../../../adapters/webhook/post.ts";
import { answering, certificate, openReceiver, type Receiver } from "./receiver.ts";

const secret = "only-an-example-of-32-characters";
const at = new Date("2026-11-01T12:00:00.500Z");
const body = JSON.stringify({ sentence: "Umlaut: ü" });

/** Its receivers listen on 127.0.0.1, which is the one address besides public ones that these tests let it reach. */
const reach = (change: Partial<Reach> = {}): Reach => ({
  mayReach: (address) => address === "127.0.0.1",
  lookup: answering(["127.0.0.1"]),
  ca: certificate,
  ...change,
});

describe("a webhook", () => {
  let receiver: Receiver | undefined;
  afterEach(async () => {
    await receiver?.close();
    receiver = undefined;
  });

  const answer = async (status: number, headers: Record<string, string> = {}): Promise<string> => {
    receiver = await openReceiver((_request, response) => {
      response.writeHead(status, headers).end();
    });
    return `https://hooks.example.com:${String(receiver.port)}/in?token=hush`;
  };

  it("is sent the body, and knows by HMAC-SHA256 over time and body that it is from us", async () => {
    const url = await answer(204);
    await webhookPost(reach())({ url, body, secret, at });
    const [one] = receiver?.received ?? [];
    expect(one).toMatchObject({ method: "POST", path: "/in?token=hush", body });
    const timestamp = String(Date.parse("2026-11-01T12:00:00Z") / 1000);
    const expected = createHmac("sha256", secret).update(`${timestamp}.${body}`).digest("hex");
    expect(one?.headers).toMatchObject({
      "content-type": "application/json",
      "spot-optimizer-timestamp": timestamp,
      "spot-optimizer-signature": `v1=${expected}`,
    });
    expect(JSON.stringify(one?.headers)).not.toContain(secret);
  });

  it.each([301, 302, 307, 308])(
    "that redirects (%d) is not followed, and has not taken it",
    async (status) => {
      const url = await answer(status, { location: "https://hooks.example.com/other" });
      await expect(webhookPost(reach())({ url, body, secret, at })).rejects.toMatchObject({
        name: "BrokenRequest",
        message: `The webhook at hooks.example.com answered ${String(status)}.`,
      });
      expect(receiver?.received).toHaveLength(1);
    },
  );

  it("that answers 500 has not taken it, and what is said of it has neither its path nor its secret", async () => {
    const url = await answer(500);
    const failed = await webhookPost(reach())({ url, body, secret, at }).catch(
      (error: unknown) => error,
    );
    expect(failed).toMatchObject({ name: "BrokenRequest" });
    expect(String(failed)).not.toMatch(/hush|only-an-example/);
  });

  it("that hangs is given up after five seconds", async () => {
    let hear: (value: unknown) => void = () => undefined;
    const heard = new Promise((resolve) => {
      hear = resolve;
    });
    receiver = await openReceiver(hear);
    const url = `https://hooks.example.com:${String(receiver.port)}/`;
    // The network's own time is the real one.
    jest.useFakeTimers({
      doNotFake: ["nextTick", "queueMicrotask", "setImmediate", "performance"],
    });
    try {
      let failed: unknown;
      const posted = webhookPost(reach())({ url, body, secret, at }).catch((error: unknown) => {
        failed = error;
      });
      await heard;
      await jest.advanceTimersByTimeAsync(4_999);
      expect(failed).toBeUndefined();
      await jest.advanceTimersByTimeAsync(1);
      await posted;
      expect(failed).toMatchObject({
        name: "RetryableUnavailable",
        message: "The webhook at hooks.example.com did not answer within 5 s.",
      });
    } finally {
      jest.useRealTimers();
    }
  });

  it("without a certificate of its name is not told anything", async () => {
    const url = await answer(204);
    const { ca: _trusted, ...untrusting } = reach();
    await expect(webhookPost(untrusting)({ url, body, secret, at })).rejects.toMatchObject({
      name: "RetryableUnavailable",
    });
    expect(receiver?.received).toEqual([]);
  });

  it("by HTTP is refused before anything is sent", async () => {
    const url = "http://hooks.example.com/";
    await expect(webhookPost(reach())({ url, body, secret, at })).rejects.toMatchObject({
      name: "BrokenInput",
    });
  });

  it.each([
    ["an address of a private network", ["10.0.0.8"]],
    ["the address of instance metadata", ["169.254.169.254"]],
    ["loopback", ["127.0.0.1"]],
    ["loopback by IPv6", ["::1"]],
    ["a public address and a private one", ["93.184.215.14", "192.168.1.1"]],
    ["no address", []],
  ])("whose name stands for %s is not connected to", async (_what, addresses) => {
    const url = await answer(204);
    const { mayReach: _test, ...rest } = reach({ lookup: answering(addresses) });
    const { isPublicAddress } = await import("../../../adapters/webhook/public-address.ts");
    const post = webhookPost({ ...rest, mayReach: isPublicAddress });
    await expect(post({ url, body, secret, at })).rejects.toMatchObject({
      name: "BrokenInput",
      message:
        "The webhook at hooks.example.com has an address that is not public: nothing is sent there.",
    });
    expect(receiver?.received).toEqual([]);
  });

  it("whose name stands for another address at its second look-up is connected to the first, or not at all", async () => {
    const url = await answer(204);
    const lookup = answering(["127.0.0.1"], ["10.0.0.8"]);
    await webhookPost(reach({ lookup }))({ url, body, secret, at });
    expect(lookup.asked()).toBe(1);
    expect(receiver?.received).toHaveLength(1);
  });

  it.each([
    "https://127.0.0.1/",
    "https://[::1]/",
    "https://0x7f000001/",
    "https://[::ffff:10.0.0.1]/",
  ])("at %s is refused without a look-up", async (url) => {
    await expect(webhookPost()({ url, body, secret, at })).rejects.toMatchObject({
      name: "BrokenInput",
    });
  });
});
