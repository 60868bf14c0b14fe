import {
  backupClient,
  cloudWatchClient,
  customerAccess,
  ec2Client,
  elbClient,
  route53Client,
  ssmClient,
} from "../../runtime/clients.ts";
import { makeHandler } from "../../runtime/make-handler.ts";
import { verifyStep } from "./step.ts";

export const handler = makeHandler(verifyStep, (parts) =>
  customerAccess(parts, {
    backup: backupClient,
    cloudWatch: cloudWatchClient,
    ec2: ec2Client,
    elb: elbClient,
    route53: route53Client,
    ssm: ssmClient,
  }),
);
