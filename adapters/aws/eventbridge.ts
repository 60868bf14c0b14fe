/** The bus to which customers' accounts forward: its policy. */
import {
  DescribeEventBusCommand,
  PutPermissionCommand,
  type EventBridgeClient,
} from "@aws-sdk/client-eventbridge";
import { required } from "./required.ts";
import { callAws } from "./translate-error.ts";

export interface EventBus {
  readonly arn: string;
  /** JSON. Absent: it has none, and nobody but its own account may put events on it. */
  readonly policy?: string;
}

/** @throws BrokenNotFound where it is not there */
export const readEventBus = async (
  eventBridge: EventBridgeClient,
  name: string,
): Promise<EventBus> => {
  const { Arn, Policy } = await callAws(
    { action: "DescribeEventBus", resource: name, role: "own" },
    () => eventBridge.send(new DescribeEventBusCommand({ Name: name })),
  );
  return {
    arn: required(Arn, `the ARN of event bus ${name}`),
    ...(Policy !== undefined && Policy !== "" && { policy: Policy }),
  };
};

/** In place of the policy that it has. */
export const putBusPolicy = async (
  eventBridge: EventBridgeClient,
  { name, policy }: { readonly name: string; readonly policy: string },
): Promise<void> => {
  await callAws({ action: "PutPermission", resource: name, role: "own" }, () =>
    eventBridge.send(new PutPermissionCommand({ EventBusName: name, Policy: policy })),
  );
};
