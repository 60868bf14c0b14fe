import { SFNClient } from "@aws-sdk/client-sfn";
import { EKSClient } from "@aws-sdk/client-eks";
import { AutoScalingClient } from "@aws-sdk/client-auto-scaling";
import type { Cloud } from "../../../local/cloud/dispatch.ts";
import { localClientConfig } from "../../../local/wire/front/client-config.ts";
declare const c: Cloud;
const o = localClientConfig(c, { region: "x", front: "direct", credentials: c.identities.operator });
export const x = [new SFNClient(o), new EKSClient(o), new AutoScalingClient(o)];
