import { describe, expect, it } from "@jest/globals";
import { nameOfProof, proofSchema } from "../../../core/policy/proof.ts";

const http = (url: string) => ({ kind: "http", url });
const tcp = (host: string, port = 443) => ({ kind: "tcp", host, port });

describe("a proof", () => {
  it.each([
    [http("https://shop.example.com/health"), "GET https://shop.example.com/health"],
    [http("http://203.0.113.7:8080/"), "GET http://203.0.113.7:8080/"],
    [http("https://[2001:db8::1]/"), "GET https://[2001:db8::1]/"],
    [tcp("172.32.0.1", 22), "tcp 172.32.0.1:22"],
    [{ kind: "target-groups" }, "target groups"],
  ])("may be %j", (proof, name) => {
    expect(nameOfProof(proofSchema().parse(proof))).toBe(name);
  });

  it.each([
    http("https://10.0.0.10/health"),
    http("https://172.16.4.4/"),
    http("https://192.168.1.1/"),
    http("https://100.64.0.1/"),
    http("http://169.254.169.254/latest/meta-data"),
    http("http://127.0.0.1:9001/"),
    http("http://0x7f000001/"),
    http("http://localhost/"),
    http("http://shop/"),
    http("https://ip-10-0-0-10.eu-central-1.compute.internal/"),
    http("https://[::1]/"),
    http("https://[fd00::1]/"),
    http("https://[::ffff:10.0.0.1]/"),
    tcp("10.0.0.10"),
    tcp("db.corp"),
  ])("may not be private: %j, which Lambda does not reach", (proof) => {
    const { error } = proofSchema().safeParse(proof);
    expect(error?.issues.map(({ message }) => message)).toEqual([
      expect.stringContaining("must be public"),
    ]);
  });

  it.each([http("ftp://shop.example.com/"), tcp("shop.example.com", 0), { kind: "ping" }])(
    "may not be %j",
    (proof) => {
      expect(proofSchema().safeParse(proof).success).toBe(false);
    },
  );
});
