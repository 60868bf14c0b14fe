/** Requests to a deployed API are signed so that AWS takes them; those to the local one are not signed at all. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { signatureFault } from "../../../local/wire/signature.ts";
import { answering, jsonAnswer, spotOn } from "./spot-under-test.ts";

const key = { accessKeyId: "AKIAKNOWN", secretAccessKey: "se/cret+" };
const now = new Date("2026-03-02T09:00:00Z");
const deployed = "https://abc.execute-api.eu-central-1.amazonaws.com/live";

const run = async (...args: readonly string[]) => {
  const { fetch, asked } = answering(() => jsonAnswer({ items: [] }));
  const ran = await spotOn({ fetch, now: () => now })(...args);
  return { ...ran, asked };
};

const faultOf = async (request: Request | undefined) => {
  if (request === undefined) throw new Error("Nothing was sent.");
  const { pathname, search, host } = new URL(request.url);
  return signatureFault(
    {
      method: request.method,
      target: pathname + search,
      headers: { ...Object.fromEntries(request.headers), host },
      body: Buffer.from(await request.arrayBuffer()),
    },
    { nowMs: now.getTime(), keyOf: (id) => (id === key.accessKeyId ? key : undefined) },
  );
};

describe("spot, signing", () => {
  const before = process.env;
  let folder: string;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "spot-signing-"));
    const file = join(folder, "credentials");
    writeFileSync(
      file,
      `[prod]\naws_access_key_id = ${key.accessKeyId}\naws_secret_access_key = ${key.secretAccessKey}\n`,
    );
    process.env = {
      AWS_CONFIG_FILE: join(folder, "none"),
      AWS_SHARED_CREDENTIALS_FILE: file,
      AWS_EC2_METADATA_DISABLED: "true",
    };
  });

  afterAll(() => {
    process.env = before;
    rmSync(folder, { recursive: true });
  });

  it("is for execute-api in the region of the address, with a query and with a body", async () => {
    const as = ["--url", deployed, "--profile", "prod"];
    const list = await run("evaluations", "list", "--from", "2026-03-01T00:00:00+01:00", ...as);
    expect(list.asked[0]?.headers.get("authorization")).toMatch(
      /^AWS4-HMAC-SHA256 Credential=AKIAKNOWN\/20260302\/eu-central-1\/execute-api\/aws4_request, /,
    );
    expect(await faultOf(list.asked[0])).toBeUndefined();
    const set = await run("accounts", "set", "444455556666", "--name", "Zürich (1)", ...as);
    expect(set.asked[0]?.method).toBe("PATCH");
    expect(await faultOf(set.asked[0])).toBeUndefined();
  });

  it("is in the region that is given, of an address that does not tell it", async () => {
    const { asked } = await run(
      ...[
        "health",
        "--url",
        "https://spot.example.com",
        "--profile",
        "prod",
        "--region",
        "eu-west-1",
      ],
    );
    expect(asked[0]?.headers.get("authorization")).toContain("/eu-west-1/execute-api/");
    expect(await faultOf(asked[0])).toBeUndefined();
  });

  it("is left out on this machine", async () => {
    const { asked } = await run("evaluations", "list", "--profile", "prod", "--local");
    expect(asked[0]?.headers.has("authorization")).toBe(false);
  });

  it("sends nothing without credentials, and ends with 5", async () => {
    const { code, stdout, stderr, asked } = await run(
      "health",
      "--url",
      deployed,
      "--profile",
      "dev",
    );
    expect({ code, stdout, asked }).toEqual({ code: 5, stdout: "", asked: [] });
    expect(stderr).toMatch(
      /^spot: There are no AWS credentials .* Next: aws sso login --profile dev\n$/,
    );
  });
});
