import { describe, expect, it } from "@jest/globals";
import {
  DescribeEventBusCommand,
  EventBridgeClient,
  PutPermissionCommand,
} from "@aws-sdk/client-eventbridge";
import { mockClient } from "aws-sdk-client-mock";
import { createAccount, updateAccount } from "../../../adapters/store/accounts.ts";
import { accountSchema } from "../../../core/model/account.ts";
import { accountIdSchema, type AccountId } from "../../../core/model/ids.ts";
import { busPolicyOf, isSamePolicy } from "../../../lambdas/interruption/open-bus/bus-policy.ts";
import { openBusStep } from "../../../lambdas/interruption/open-bus/step.ts";
import { silentLog } from "../../../lambdas/runtime/log.ts";
import { runStep } from "../../../lambdas/runtime/step.ts";
import { createMemoryTable } from "../../../local/platform/memory-table.ts";

const busArn = "arn:aws:events:us-east-1:111122223333:event-bus/spot-optimizer-prod";
const idOf = (number: number): AccountId => accountIdSchema.parse(String(444_455_550_000 + number));
const principals = (policy: string): unknown =>
  (JSON.parse(policy) as { Statement: [{ Principal: { AWS: unknown } }] }).Statement[0].Principal
    .AWS;

describe("the policy of our bus", () => {
  it("lists the accounts, and lets in AWS's own events alone", () => {
    expect(JSON.parse(busPolicyOf(busArn, [idOf(2), idOf(1)]))).toEqual({
      Version: "2012-10-17",
      Statement: [
        {
          Sid: "ConnectedAccounts",
          Effect: "Allow",
          Principal: {
            AWS: ["arn:aws:iam::444455550001:root", "arn:aws:iam::444455550002:root"],
          },
          Action: "events:PutEvents",
          Resource: busArn,
          Condition: { StringLike: { "events:source": "aws.*" } },
        },
      ],
    });
  });

  it("lets in nobody else where no account is connected", () => {
    expect(principals(busPolicyOf(busArn, []))).toEqual(["arn:aws:iam::111122223333:root"]);
  });

  it("of more accounts than AWS has room for is an error that says what to do", () => {
    const fitting = Array.from({ length: 290 }, (_, index) => idOf(index));
    expect(busPolicyOf(busArn, fitting).length).toBeLessThanOrEqual(10_240);
    const many = Array.from({ length: 310 }, (_, index) => idOf(index));
    expect(() => busPolicyOf(busArn, many)).toThrow("310 are connected");
  });

  it("is the same in whatever order EventBridge gives it back", () => {
    const policy = busPolicyOf(busArn, [idOf(1), idOf(2)]);
    const { Version, Statement } = JSON.parse(policy) as Record<string, [Record<string, unknown>]>;
    const [statement] = Statement as [Record<string, unknown>];
    const reversed = Object.fromEntries(Object.entries(statement).toReversed());
    expect(isSamePolicy(JSON.stringify({ Statement: [reversed], Version }), policy)).toBe(true);
    expect(isSamePolicy(busPolicyOf(busArn, [idOf(1)]), policy)).toBe(false);
    expect(isSamePolicy(undefined, policy)).toBe(false);
  });
});

describe("the bus", () => {
  const eventBridge = new EventBridgeClient({ region: "us-east-1" });
  const mock = mockClient(eventBridge);
  const table = createMemoryTable();
  const run = () =>
    runStep(
      openBusStep,
      { table, log: silentLog, eventBridge, eventBusName: "spot-optimizer-prod" },
      {},
    );

  it("is opened to accounts as they are connected, and closed to those that are disabled", async () => {
    let policy: string | undefined;
    mock
      .on(DescribeEventBusCommand)
      .callsFake(() => ({ Arn: busArn, ...(policy !== undefined && { Policy: policy }) }));
    mock.on(PutPermissionCommand).callsFake((input: { EventBusName: string; Policy: string }) => {
      expect(input.EventBusName).toBe("spot-optimizer-prod");
      policy = input.Policy;
      return {};
    });
    const at = "2026-03-02T10:00:00.000Z";
    for (const accountId of [idOf(1), idOf(2)]) {
      await createAccount(
        table,
        accountSchema().parse({
          accountId,
          name: "shop",
          environment: "PROD",
          roleArn: `arn:aws:iam::${accountId}:role/SpotOptimizerRole`,
          externalId: "spot-optimizer-0123456789",
          regions: ["us-east-1"],
          status: "PENDING",
          createdAt: at,
          updatedAt: at,
        }),
      );
    }
    expect(await run()).toMatchObject({ kind: "OPENED", accounts: 2 });
    expect(await run()).toMatchObject({ kind: "UNCHANGED", accounts: 2 });
    expect(mock.commandCalls(PutPermissionCommand)).toHaveLength(1);
    await updateAccount(table, idOf(2), (account) => ({ ...account, status: "DISABLED" }));
    expect(await run()).toMatchObject({ kind: "OPENED", accounts: 1 });
    expect(principals(policy ?? "")).toEqual(["arn:aws:iam::444455550001:root"]);
  });
});
