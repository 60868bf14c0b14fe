import {
  autoScalingClient,
  classicElbClient,
  customerAccess,
  ec2Client,
  elbClient,
} from "../../runtime/clients.ts";
import { makeHandler } from "../../runtime/make-handler.ts";
import { registerStep } from "./step.ts";

export const handler = makeHandler(registerStep, (parts) =>
  customerAccess(parts, {
    autoScaling: autoScalingClient,
    classicElb: classicElbClient,
    ec2: ec2Client,
    elb: elbClient,
  }),
);
