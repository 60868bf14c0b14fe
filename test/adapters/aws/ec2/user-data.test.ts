import { gzipSync } from "node:zlib";
import { describe, expect, it } from "@jest/globals";
import { bootSignsIn } from "../../../../adapters/aws/ec2/user-data.ts";
import { bootSigns } from "../../../../core/model/group-template.ts";

const base64 = (text: string | Buffer): string => Buffer.from(text).toString("base64");

const hooked = "#!/bin/bash\naws autoscaling complete-lifecycle-action --lifecycle-hook-name x\n";

const mime = (parts: readonly string[], type = "multipart/mixed"): string =>
  [
    `Content-Type: ${type}; boundary="==EDGE=="`,
    "MIME-Version: 1.0",
    "",
    ...parts.map((part) => `--==EDGE==\n${part}`),
    "--==EDGE==--",
    "",
  ].join("\n");

const script = (text: string, encoding = "7bit"): string =>
  `Content-Type: text/x-shellscript; charset="us-ascii"\nContent-Transfer-Encoding: ${encoding}\n\n${text}`;

/** A script for each sign. */
const samples: Readonly<Record<(typeof bootSigns)[number], string>> = {
  "complete-lifecycle-action": hooked,
  "target-lifecycle-state":
    "curl http://169.254.169.254/latest/meta-data/autoscaling/target-lifecycle-state",
  "describe-auto-scaling-instances":
    "aws autoscaling describe-auto-scaling-instances --instance-ids $ID",
  "cfn-init of Elastic Beanstalk":
    "/opt/aws/bin/cfn-init -s awseb-e-1-stack -r AWSEBAutoScalingGroup",
  ECS_CLUSTER: "echo ECS_CLUSTER=prod >> /etc/ecs/ecs.config",
  "docker swarm": "docker swarm join --token x 10.0.0.1:2377",
  nomad: "systemctl start nomad; nomad agent -config /etc/nomad.d",
  "jenkins agent": "wget https://ci/jnlpJars/agent.jar",
};

describe("signs in user data", () => {
  it.each(bootSigns)("finds %s", (sign) => {
    expect(bootSignsIn(base64(samples[sign]))).toEqual([sign]);
  });

  it.each([
    ["nothing", undefined],
    ["an empty text", ""],
    ["a plain script", base64("#!/bin/bash\nyum install -y nginx\n")],
    ["cfn-init of a stack of its own", base64("cfn-init -s web -r Group --region us-east-1")],
    ["a comment", base64("#!/bin/bash\n# was: aws autoscaling complete-lifecycle-action\n")],
    ["what is not a script", base64(Buffer.from([0x1f, 0x8b, 1, 2, 3]))],
    ["an archive of nothing", base64(mime([]))],
  ])("finds none in %s", (_, userData) => {
    expect(bootSignsIn(userData)).toEqual([]);
  });

  it.each([
    ["compressed", base64(gzipSync(hooked))],
    ["in an archive", base64(mime([script("echo hello"), script(hooked)]))],
    ["in a compressed archive", base64(gzipSync(mime([script(hooked)])))],
    ["in an archive, encoded", base64(mime([script(base64(hooked), "base64")]))],
    [
      "in an archive, encoded and compressed",
      base64(mime([script(gzipSync(hooked).toString("base64"), "base64")])),
    ],
    [
      "in an archive in an archive",
      base64(mime([mime([script(hooked)], "multipart/related").replaceAll("==EDGE==", "==IN==")])),
    ],
    ["with line ends of Windows", base64(mime([script(hooked)]).replaceAll("\n", "\r\n"))],
  ])("finds one that is %s", (_, userData) => {
    expect(bootSignsIn(userData)).toEqual(["complete-lifecycle-action"]);
  });
});
