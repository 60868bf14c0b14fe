import { request as httpRequest, type OutgoingHttpHeaders } from "node:http";
import { request as httpsRequest, type RequestOptions } from "node:https";
import { AttachVolumeCommand, EC2Client, StopInstancesCommand } from "@aws-sdk/client-ec2";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import { Hash } from "@smithy/core/serde";
import { SignatureV4 } from "@smithy/signature-v4";
import type { SourceData } from "@smithy/types";
import fc from "fast-check";
import { VirtualClock } from "../../../../local/cloud/clock.ts";
import { createCloud, type Cloud } from "../../../../local/cloud/dispatch.ts";
import { startDynalite } from "../../../../local/platform/dynalite.ts";
import { serveApi } from "../../../../local/platform/serve-api.ts";
import { serveCloud } from "../../../../local/wire/front/http.ts";
import { serveKubernetes } from "../../../../local/wire/front/kubernetes-https.ts";
import { virtualCluster } from "../../cloud/kubernetes/cluster-fixture.ts";

class Sha256 extends Hash {
  constructor(secret?: SourceData) {
    super("sha256", secret);
  }
}

interface Sent {
  readonly method: string;
  readonly path: string;
  readonly headers: OutgoingHttpHeaders;
  readonly body: string;
}

interface Answer {
  readonly status: number;
  readonly type: string | undefined;
  readonly allowOrigin: string | undefined;
  readonly body: string;
}

/** Headers as they are given, Host too: no client of this machine would send some of them. */
const send = (port: number, sent: Sent, options: RequestOptions = {}): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const { method, path, body } = sent;
    const headers = { ...sent.headers, "content-length": Buffer.byteLength(body) };
    const request = options.ca === undefined ? httpRequest : httpsRequest;
    const asked = request(
      { ...options, host: "127.0.0.1", port, method, path, headers, agent: false, setHost: false },
      (response) => {
        let text = "";
        response.setEncoding("utf8");
        response.on("data", (chunk: string) => (text += chunk));
        response.on("end", () => {
          resolve({
            status: response.statusCode ?? 0,
            type: response.headers["content-type"],
            allowOrigin: response.headers["access-control-allow-origin"],
            body: text,
          });
        });
      },
    );
    asked.once("error", reject);
    asked.end(body);
  });

/** The ports of a platform, and whatever has reached what is behind them. */
interface Ports {
  readonly cloud: Cloud;
  readonly api: number;
  readonly aws: number;
  readonly kubernetes: number;
  readonly table: number;
  readonly ca: string;
  readonly reached: string[];
  readonly close: () => Promise<void>;
}

const portOf = (url: string): number => Number(new URL(url).port);

const open = async (): Promise<Ports> => {
  const reached: string[] = [];
  const cloud = createCloud({ clock: new VirtualClock(Date.UTC(2026, 2, 2)), seed: 1 });
  const stop = (): object => ({ StoppingInstances: [] });
  cloud.serve({ service: "ec2", operations: { StopInstances: stop, AttachVolume: stop } });
  cloud.faults.before(({ operation }) => void reached.push(operation));
  const { cluster } = virtualCluster();
  cluster.faults.before(({ request }) => void reached.push(request.path));
  const onDefect = (error: unknown): void => void reached.push(String(error));
  const api = await serveApi((request) => {
    reached.push(request.method);
    return Promise.resolve(new Response("{}"));
  }, 0);
  const aws = await serveCloud(cloud, { onDefect });
  const kubernetes = await serveKubernetes(cluster, { onDefect });
  const table = await startDynalite();
  return {
    cloud,
    api: portOf(api.url),
    aws: aws.port,
    kubernetes: portOf(kubernetes.url),
    table: portOf(table.endpoint),
    ca: cluster.pki.authority,
    reached,
    close: async () => {
      for (const one of [api, aws, kubernetes, table]) await one.close();
    },
  };
};

let ports: Ports;
beforeAll(async () => {
  ports = await open();
});
afterAll(() => ports.close());
beforeEach(() => void ports.reached.splice(0));

const harmless = (port: number): OutgoingHttpHeaders => ({ host: `127.0.0.1:${String(port)}` });

/** What tells a page of elsewhere: one of these is enough. */
const foreignMarks = (port: number): fc.Arbitrary<OutgoingHttpHeaders> => {
  const own = String(port);
  const other = String(port === 65_535 ? 1 : port + 1);
  const label = fc.stringMatching(/^[a-z0-9]{1,8}$/);
  const host = fc.oneof(
    label.map((name) => `${name}.example:${own}`),
    label.map((name) => `127.0.0.1.${name}:${own}`),
    label.map((name) => `localhost.${name}:${own}`),
    fc.constantFrom(
      ...["localhost.", "127.1", "0.0.0.0", "2130706433", "[::]", "[::ffff:127.0.0.1]"].map(
        (name) => `${name}:${own}`,
      ),
      ...["127.0.0.1", "localhost", "", `127.0.0.1:${other}`, `a@127.0.0.1:${own}`],
    ),
  );
  const origin = fc.oneof(
    label.map((name) => `https://${name}.example`),
    label.map((name) => `http://127.0.0.1:${own}.${name}`),
    fc.constantFrom("null", "", "file://", `http://127.0.0.1:${other}`, `http://localhost:${own}`),
    fc.constantFrom("http://127.0.0.1", "chrome-extension://abc", `ftp://127.0.0.1:${own}`),
  );
  const site = fc.constantFrom("cross-site", "same-site", "", "Same-Origin", "none, cross-site");
  return fc.oneof(
    fc.record({ host }),
    fc.record({ host: fc.constant(`127.0.0.1:${own}`), origin }),
    fc.record({ host: fc.constant(`localhost:${own}`), "sec-fetch-site": site }),
    fc.record({ host, origin, "sec-fetch-site": site }),
  );
};

/** What pages can send without being asked, and what they would like to. */
const requests = (port: number): fc.Arbitrary<Sent> =>
  fc.record({
    method: fc.constantFrom("GET", "HEAD", "POST", "OPTIONS", "PUT", "PATCH", "DELETE"),
    path: fc.constantFrom(
      ...["/", "/api/v1/kill-switch", "/api/v1/accounts", "/version", "/spot-advisor-data.json"],
      "/?Action=StopInstances&Version=2016-11-15&InstanceId.1=i-1",
    ),
    headers: fc
      .tuple(
        foreignMarks(port),
        fc.record(
          {
            "content-type": fc.constantFrom(
              ...["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"],
              ...["application/json", "application/x-amz-json-1.0"],
            ),
            "access-control-request-method": fc.constantFrom("POST", "DELETE"),
            "x-amz-target": fc.constant("DynamoDB_20120810.ListTables"),
            authorization: fc.constant("Bearer local-admin"),
          },
          { requiredKeys: [] },
        ),
      )
      .map(([mark, others]) => ({ ...others, ...mark })),
    body: fc.constantFrom(
      ...["", '{"engaged":true,"reason":"x"}'],
      "Action=StopInstances&Version=2016-11-15&InstanceId.1=i-1",
    ),
  });

const bodyOf = (sent: Sent): Sent =>
  sent.method === "GET" || sent.method === "HEAD" ? { ...sent, body: "" } : sent;

describe.each(["api", "aws", "kubernetes", "table"] as const)("the port of the %s", (name) => {
  it("answers no page of elsewhere, and does nothing for it", async () => {
    const port = ports[name];
    const options = name === "kubernetes" ? { ca: ports.ca, servername: "localhost" } : {};
    await fc.assert(
      fc.asyncProperty(requests(port), async (sent) => {
        const answer = await send(port, bodyOf(sent), options);
        // Services that speak JSON say 400 of what they deny.
        expect([name === "table" ? 400 : 403, 403]).toContain(answer.status);
        expect(answer.allowOrigin).toBeUndefined();
        expect(ports.reached).toEqual([]);
      }),
      { numRuns: 150 },
    );
    expect(ports.cloud.journal.filter(({ hadEffect }) => hadEffect)).toEqual([]);
  });
});

describe("a port of this machine", () => {
  it.each(["127.0.0.1", "localhost", "LOCALHOST", "[::1]"])(
    "answers whoever asks for %s, also a page of its own",
    async (name) => {
      const host = `${name}:${String(ports.api)}`;
      const sent = { method: "GET", path: "/", body: "" };
      const own = { origin: `http://${host.toLowerCase()}`, "sec-fetch-site": "same-origin" };
      for (const headers of [{ host }, { host, ...own }, { host, "sec-fetch-site": "none" }]) {
        expect((await send(ports.api, { ...sent, headers })).status).toBe(200);
      }
    },
  );

  it("says in its own protocol why it refuses", async () => {
    const page = { origin: "https://evil.example" };
    const sent = (port: number, headers: OutgoingHttpHeaders, body = ""): Sent => ({
      ...{ method: "POST", path: "/api/v1/kill-switch?x=1", body },
      headers: { ...harmless(port), ...headers },
    });
    const { api, aws, table, kubernetes, ca } = ports;
    const ofApi = await send(api, sent(api, page));
    expect(ofApi.type).toBe("application/problem+json");
    expect(JSON.parse(ofApi.body)).toMatchObject({
      status: 403,
      detail: "Requests of web pages are not answered: Origin is not this address.",
      instance: "/api/v1/kill-switch",
    });
    const form = "Action=StopInstances&Version=2016-11-15";
    const ofAws = await send(aws, sent(aws, page, form));
    expect(ofAws.body).toContain("<Code>UnauthorizedOperation</Code>");
    const ofTable = await send(table, sent(table, page));
    expect(JSON.parse(ofTable.body)).toMatchObject({ __type: "AccessDeniedException" });
    const ofKubernetes = await send(kubernetes, sent(kubernetes, page), { ca });
    expect(JSON.parse(ofKubernetes.body)).toMatchObject({ kind: "Status", reason: "Forbidden" });
    const rebound = await send(api, sent(api, { host: `evil.example:${String(api)}` }));
    expect(rebound.body).toContain(`let Host be 127.0.0.1:${String(api)} or localhost`);
  });
});

describe("the port of the simulated cloud", () => {
  const client = (secretAccessKey: string): EC2Client =>
    new EC2Client({
      region: "us-east-1",
      endpoint: `http://127.0.0.1:${String(ports.aws)}`,
      credentials: { ...ports.cloud.identities.operator, secretAccessKey },
      maxAttempts: 1,
    });

  it("does what is signed with the secret of the key, and nothing else", async () => {
    const good = client(ports.cloud.identities.operator.secretAccessKey);
    await good.send(new StopInstancesCommand({ InstanceIds: ["i-1"] }));
    const bad = client("guessed");
    const attach = { VolumeId: "vol-1", InstanceId: "i-1", Device: "/dev/sdf" };
    await expect(bad.send(new AttachVolumeCommand(attach))).rejects.toMatchObject({
      name: "SignatureDoesNotMatch",
    });
    expect(ports.reached).toEqual(["StopInstances"]);
  });

  it("refuses a page that has the key itself", async () => {
    const host = `evil.example:${String(ports.aws)}`;
    const body = "Action=StopInstances&Version=2016-11-15&InstanceId.1=i-1";
    const signer = new SignatureV4({
      ...{ service: "ec2", region: "us-east-1", sha256: Sha256 },
      credentials: ports.cloud.identities.operator,
    });
    const { headers } = await signer.sign({
      ...{ method: "POST", protocol: "http:", hostname: host, path: "/", body },
      headers: { host },
    });
    const answer = await send(ports.aws, { method: "POST", path: "/", headers, body });
    expect(answer.status).toBe(403);
    expect(ports.reached).toEqual([]);
  });
});
