import { describe, expect, test } from "@jest/globals";
import { mintToken } from "../../../adapters/kubernetes/eks-token.ts";
import type { IdentitySource } from "../../../local/cloud/kubernetes/authentication.ts";
import { ask, startMs, virtualCluster } from "../../local/cloud/kubernetes/cluster-fixture.ts";

const credentials = {
  accessKeyId: "ASIAEXAMPLE",
  secretAccessKey: "not-a-secret",
  sessionToken: "session/token+with==",
};

const source: IdentitySource = {
  signer: (accessKeyId) =>
    accessKeyId === credentials.accessKeyId
      ? {
          signer: credentials,
          caller: { accountId: "1", arn: "arn:aws:sts::1:assumed-role/spot/run" },
        }
      : undefined,
  identityOf: () => ({ username: "spot", groups: ["spot-optimizer"] }),
};

const minute = 60_000;

const mint = (given: Partial<Parameters<typeof mintToken>[0]> = {}): Promise<string> =>
  mintToken({
    clusterName: "shop",
    region: "eu-west-1",
    credentials,
    now: new Date(startMs),
    ...given,
  });

/** What the cluster answers, so many minutes later. */
const codeAfter = async (token: string, minutes: number): Promise<number> => {
  const { clock, cluster } = virtualCluster({ source });
  clock.elapse(minutes * minute);
  return (await ask(cluster, "/version", { token })).code;
};

describe("a token for a cluster", () => {
  test.each([
    [0, 200],
    [14, 200],
    [16, 401],
  ])("is taken after %i minutes: %i", async (minutes, code) => {
    expect(await codeAfter(await mint(), minutes)).toBe(code);
  });

  test("for another cluster is not taken", async () => {
    expect(await codeAfter(await mint({ clusterName: "other" }), 0)).toBe(401);
  });

  test("of another session is not taken", async () => {
    const other = { ...credentials, sessionToken: "another" };
    expect(await codeAfter(await mint({ credentials: other }), 0)).toBe(401);
  });

  test("signs the name of the cluster and the host, and asks the cluster's region", async () => {
    const encoded = (await mint()).replace("k8s-aws-v1.", "");
    expect(encoded).toMatch(/^[A-Za-z0-9_-]+$/);
    const url = new URL(Buffer.from(encoded, "base64url").toString("utf8"));
    expect(`${url.protocol}//${url.host}${url.pathname}`).toBe(
      "https://sts.eu-west-1.amazonaws.com/",
    );
    expect(Object.fromEntries(url.searchParams)).toMatchObject({
      Action: "GetCallerIdentity",
      Version: "2011-06-15",
      "X-Amz-SignedHeaders": "host;x-k8s-aws-id",
      "X-Amz-Expires": "60",
    });
  });

  test("of which the cluster's name is not in the signature is not taken", async () => {
    const encoded = (await mint()).replace("k8s-aws-v1.", "");
    const url = Buffer.from(encoded, "base64url").toString("utf8");
    const unsigned = url.replace("host%3Bx-k8s-aws-id", "host");
    expect(unsigned).not.toBe(url);
    const token = `k8s-aws-v1.${Buffer.from(unsigned).toString("base64url")}`;
    expect(await codeAfter(token, 0)).toBe(401);
  });

  test("of a session of 2,400 ordinary bytes is short enough", async () => {
    const sessionToken = "A".repeat(2400);
    const token = await mint({ credentials: { ...credentials, sessionToken } });
    expect(Buffer.byteLength(token)).toBeLessThanOrEqual(4096);
  });

  test("a session token of 1,500 bytes full of signs that are escaped is too long before the first call", async () => {
    const sessionToken = "+/Ab".repeat(375);
    const minted = mint({ credentials: { ...credentials, sessionToken } });
    await expect(minted).rejects.toMatchObject({ name: "BrokenClusterAccess", resource: "shop" });
    await expect(minted).rejects.toThrow(/has 1500/);
    await expect(minted).rejects.not.toThrow(/\+\/Ab/);
  });
});
