import {
  autoScalingClient,
  classicElbClient,
  customerAccess,
  ec2Client,
  elbClient,
} from "../../runtime/clients.ts";
import { makeHandler } from "../../runtime/make-handler.ts";
import { placeRestStep } from "./step.ts";

export const handler = makeHandler(placeRestStep, (parts) =>
  customerAccess(parts, {
    autoScaling: autoScalingClient,
    classicElb: classicElbClient,
    ec2: ec2Client,
    elb: elbClient,
  }),
);
