import { createServer, type Server } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { probeHttp, probeTcp } from "../../adapters/probe.ts";
import { connectTcp } from "../../adapters/tcp.ts";

const url = "https://shop.example.com/health";

describe("an HTTP probe", () => {
  it.each([
    { status: 200, holds: true, sentence: `${url} answers 200.` },
    { status: 503, holds: false, sentence: `${url} answers 503, not 200.` },
    { status: 302, holds: false, sentence: `${url} answers 302, not 200.` },
  ])("finds $status", async ({ status, ...found }) => {
    const asked: RequestInit[] = [];
    const answer: typeof fetch = (_url, init) => {
      asked.push(init ?? {});
      return Promise.resolve(new Response(null, { status }));
    };
    expect(await probeHttp(answer, { url, status: 200 })).toEqual(found);
    expect(asked[0]).toMatchObject({ redirect: "manual" });
    expect(asked[0]?.signal).toBeInstanceOf(AbortSignal);
  });

  it.each([
    [
      new TypeError("fetch failed", {
        cause: Object.assign(new Error("x"), { code: "ENOTFOUND" }),
      }),
    ],
    [Object.assign(new Error("x"), { code: "ENOTFOUND" })],
  ])("finds that nobody answers, and why", async (error) => {
    expect(await probeHttp(() => Promise.reject(error), { url, status: 200 })).toEqual({
      holds: false,
      sentence: `${url} does not answer (ENOTFOUND).`,
    });
  });
});

describe("a TCP probe", () => {
  let server: Server;
  let port: number;
  beforeEach(async () => {
    server = createServer((socket) => socket.end());
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    port = typeof address === "object" && address !== null ? address.port : 0;
  });
  afterEach(() => {
    server.close();
  });

  it("finds who listens, and who no longer does", async () => {
    const where = { host: "127.0.0.1", port };
    expect(await probeTcp(connectTcp, where)).toMatchObject({ holds: true });
    await new Promise((resolve) => server.close(resolve));
    expect(await probeTcp(connectTcp, where)).toEqual({
      holds: false,
      sentence: `127.0.0.1:${String(port)} does not accept a connection (ECONNREFUSED).`,
    });
  });
});
