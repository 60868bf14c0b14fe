import { describe, expect, it } from "@jest/globals";
import {
  apiEnvironmentSchema,
  readEnvironment,
  starterEnvironmentSchema,
  stepEnvironmentSchema,
} from "../../../lambdas/runtime/environment.ts";

const step = {
  AWS_REGION: "us-east-1",
  TABLE_NAME: "spot-optimizer-prod",
  ADVISOR_FEED_URL: "https://spot-bid-advisor.s3.amazonaws.com/spot-advisor-data.json",
  METRICS_NAMESPACE: "SpotOptimizer/prod",
};
const api = {
  ...step,
  LINEAR_STATE_MACHINE_ARN: "arn:aws:states:us-east-1:111122223333:stateMachine:linear",
  CLUSTER_STATE_MACHINE_ARN: "arn:aws:states:us-east-1:111122223333:stateMachine:cluster",
  OWN_ACCOUNT_ID: "111122223333",
  PRODUCT_VERSION: "0.1.0",
  PREFLIGHT_PLACE_FUNCTION_ARN: "arn:aws:lambda:eu-central-1:111122223333:function:preflight-place",
  TRUSTED_ROLE_PATTERN: "arn:aws:iam::111122223333:role/spot-optimizer/prod/customer/*",
  EVENT_BUS_ARN: "arn:aws:events:eu-central-1:111122223333:event-bus/spot-optimizer-prod",
  WEBHOOK_KEY_ARN: "arn:aws:kms:eu-central-1:111122223333:key/webhooks",
};

describe("the environment of a function", () => {
  it("is what infra sets, and what is not asked for is left out", () => {
    const read = readEnvironment(stepEnvironmentSchema, { ...step, AWS_SESSION_TOKEN: "secret" });
    expect(read).toEqual(step);
  });

  it("holds the pattern of trusted roles as it was set", () => {
    expect(readEnvironment(apiEnvironmentSchema, api)).toEqual(api);
  });

  it.each([
    { what: "TABLE_NAME", schema: stepEnvironmentSchema, change: { TABLE_NAME: undefined } },
    {
      what: "ADVISOR_FEED_URL",
      schema: stepEnvironmentSchema,
      change: { ADVISOR_FEED_URL: "none" },
    },
    {
      what: "LINEAR_STATE_MACHINE_ARN",
      schema: starterEnvironmentSchema,
      change: { LINEAR_STATE_MACHINE_ARN: "linear" },
    },
    {
      what: "AWS_REGION: lies in partition aws-cn",
      schema: stepEnvironmentSchema,
      change: { AWS_REGION: "cn-north-1" },
    },
    {
      what: "LINEAR_STATE_MACHINE_ARN",
      schema: starterEnvironmentSchema,
      change: { LINEAR_STATE_MACHINE_ARN: "arn:aws-us-gov:states:x:1:stateMachine:y" },
    },
    { what: "OWN_ACCOUNT_ID", schema: apiEnvironmentSchema, change: { OWN_ACCOUNT_ID: "1" } },
    {
      what: "TRUSTED_ROLE_PATTERN",
      schema: apiEnvironmentSchema,
      change: { TRUSTED_ROLE_PATTERN: "*" },
    },
  ])("is refused when $what is missing or invalid, by that name", ({ what, schema, change }) => {
    expect(() => readEnvironment(schema, { ...api, ...change })).toThrow(what);
  });

  it("names all that is wrong at once, and tells no values", () => {
    const broken = { ...step, TABLE_NAME: undefined, ADVISOR_FEED_URL: "hunter2" };
    expect(() => readEnvironment(stepEnvironmentSchema, broken)).toThrow(
      /TABLE_NAME.*ADVISOR_FEED_URL/,
    );
    expect(() => readEnvironment(stepEnvironmentSchema, broken)).not.toThrow("hunter2");
  });
});
