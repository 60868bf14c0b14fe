/** The list of targets from what GET /fleet tells, and the names by which a target may be called. */
import { describe, expect, it } from "@jest/globals";
import { answering, jsonAnswer, spotOn } from "./spot-under-test.ts";
import { fleetAnswer } from "./fleet-answer.ts";

const { fetch, asked } = answering(() => jsonAnswer(fleetAnswer));

const list = (columns: number | undefined, ...args: readonly string[]) =>
  spotOn({ fetch, ...(columns !== undefined && { columns }) })("targets", "list", ...args);

describe("spot targets list", () => {
  it("has first what needs a person, then what moves, then what saves most", async () => {
    const { code, stdout, stderr } = await list(112);
    expect(code).toBe(0);
    expect(stdout.split("\n")).toEqual([
      "<1>TARGET                    STANDING          POOL                   RISK   PAYS/H  SAVES/MONTH  VERDICT  REASON<22>",
      "工場-1                    <31>! Needs operator<39>  m6a.large use1-az4        –  $0.0245            –  –        –",
      "workers                   <34>◔ Moving 3      <39>  5 pools               0.1 %  $2.3100     $1204.50  Stay     It stan…",
      "cache-eu-1                <35>◐ Shadow        <39>  r5.xlarge use1-az1    0.5 %  $0.2520    ◐ $132.28  Switch   r6i.xla…",
      "web-shop-1                <34>◆ On Spot       <39>  m6a.large use1-az4    0.1 %  $0.0245       $52.20  Stay     It stan…",
      "tgt-00000000000000000007  <34>◆ On Spot       <39>  m6a.large use1-az4    0.1 %  $0.0245        $1.50  Stay     It stan…",
      "render-07                 □ On-Demand       g4dn.xlarge use1-az1      –  $0.5260            –  Refuse   INSTANC…",
      "tgt-00000000000000000006  … Queued          –                         –        –            –  –        –",
      "",
    ]);
    expect(stderr.split("\n")).toEqual([
      "7 of 7. ◐ shadow. Next: spot targets show 工場-1",
      "! Needs operator  工場-1: The replacement serves and holds the newer writes. Next: spot show evl-00000000000000000005",
      "",
    ]);
  });

  it("cuts the reason first, then the pool, and no name", async () => {
    const { stdout } = await list(84, "--sort", "saves", "--limit", "3");
    expect(stdout.split("\n")).toEqual([
      "<1>TARGET      STANDING    POOL           RISK   PAYS/H  SAVES/MONTH  VERDICT  REASON<22>",
      "workers     <34>◔ Moving 3<39>  5 pools       0.1 %  $2.3100     $1204.50  Stay     It stan…",
      "cache-eu-1  <35>◐ Shadow  <39>  r5.xlarge u…  0.5 %  $0.2520    ◐ $132.28  Switch   r6i.xla…",
      "web-shop-1  <34>◆ On Spot <39>  m6a.large u…  0.1 %  $0.0245       $52.20  Stay     It stan…",
      "",
    ]);
  });

  it("goes on in a second line where that is not enough", async () => {
    const { stdout } = await list(60, "--sort", "saves", "--limit", "3");
    expect(stdout.split("\n")).toEqual([
      "<1>TARGET      STANDING    POOL                 RISK   PAYS/H<22>",
      "<1>  SAVES/MONTH  VERDICT  REASON<22>",
      "workers     <34>◔ Moving 3<39>  5 pools             0.1 %  $2.3100",
      "     $1204.50  Stay     It stands in the best pool already.",
      "cache-eu-1  <35>◐ Shadow  <39>  r5.xlarge use1-az1  0.5 %  $0.2520",
      "    ◐ $132.28  Switch   r6i.xlarge in use1-az4 saves 71.9 %…",
      "web-shop-1  <34>◆ On Spot <39>  m6a.large use1-az4  0.1 %  $0.0245",
      "       $52.20  Stay     It stands in the best pool already.",
      "",
    ]);
  });

  it("gives whole values parted by tabs to a pipe", async () => {
    const { stdout } = await list(undefined, "--verdict", "REFUSE");
    expect(stdout).toBe(
      "TARGET\tSTANDING\tPOOL\tRISK\tPAYS/H\tSAVES/MONTH\tVERDICT\tREASON\n" +
        "render-07\t□ On-Demand\tg4dn.xlarge use1-az1\t–\t$0.5260\t–\tRefuse\tINSTANCE_STORE_IN_USE\n",
    );
  });

  it("prints rows with the API's own fields, and what they add up to", async () => {
    const { stdout, stderr } = await list(undefined, "--json", "--sort", "name", "--limit", "1");
    expect(stderr).toBe("");
    expect(JSON.parse(stdout)).toMatchObject({
      items: [{ target_id: "tgt-00000000000000000002", name: "cache-eu-1", saves_basis: "SHADOW" }],
      totals: { targets: 7 },
      attention: [{ actions: ["RESUME", "ROLL_BACK", "ADOPT"] }],
    });
    const fields = await list(80, "--fields", "name,pays_hourly_usd", "--standing", "ON_SPOT");
    expect(fields.stdout).toBe(
      "<1>name        pays_hourly_usd<22>\nweb-shop-1  0.0245\ntwin        0.0245\n",
    );
  });

  it("says what to do where there is nothing", async () => {
    const { code, stdout, stderr } = await list(80, "--account", "111122223333");
    expect({ code, stdout }).toEqual({ code: 0, stdout: "" });
    expect(stderr).toBe("None of the targets fits. Next: spot targets list\n");
  });
});

describe("the name of a target", () => {
  const show = (name: string) => {
    asked.length = 0;
    return spotOn({ fetch })("targets", "remove", name, "--yes");
  };

  it("is enough where no other has it", async () => {
    await show("web-shop-1");
    expect(asked.map(({ method, url }) => `${method} ${new URL(url).pathname}`)).toEqual([
      "GET /api/v1/fleet",
      "DELETE /api/v1/lab/instances/tgt-00000000000000000001",
    ]);
  });

  it("is refused with the ids where two have it, and where none has it", async () => {
    expect(await show("twin")).toMatchObject({
      code: 2,
      stderr:
        "spot: 2 targets are called twin. Next: one of tgt-00000000000000000006, tgt-00000000000000000007\n",
    });
    expect(await show("nobody")).toMatchObject({
      code: 3,
      stderr: "spot: There is no target nobody. Next: spot targets list\n",
    });
  });
});

describe("what is typed as name=value", () => {
  const sent = async (...args: readonly string[]): Promise<unknown> => {
    asked.length = 0;
    await spotOn({ fetch })(...args);
    return asked.at(-1)?.json();
  };
  const id = "tgt-00000000000000000001";

  it("is a number, a list by commas or by JSON, or a text, as the limit takes it", async () => {
    const limits = [
      "max_risk=0.1",
      "accept_change_of=public-ip,ipv6",
      'allowed_types=["m5.large"]',
    ];
    const body = await sent("targets", "set", id, ...limits.flatMap((limit) => ["--set", limit]));
    expect(body).toEqual({
      policy_overrides: {
        max_risk: 0.1,
        accept_change_of: ["public-ip", "ipv6"],
        allowed_types: ["m5.large"],
      },
    });
    expect(await sent("targets", "set", id, "--set", "excluded_types=t3.large")).toEqual({
      policy_overrides: { excluded_types: ["t3.large"] },
    });
    expect(await sent("targets", "set", id, "--unset", "max_risk")).toEqual({
      policy_overrides: { max_risk: null },
    });
  });

  it("may be any tag, whose value is a text", async () => {
    const where = ["--account", "444455556666", "--in", "us-east-1"];
    const tags = ["--tag", "Team=1", "--tag", "spot-optimizer:enrolled=true"];
    expect(await sent("targets", "add", ...where, ...tags)).toMatchObject({
      tags: { Team: "1", "spot-optimizer:enrolled": "true" },
    });
  });
});
