import * as aws from "@pulumi/aws";
import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

const config = new pulumi.Config();
// <organization>/calico-ebpf-eks/<stack>; of a self-managed backend: organization/calico-ebpf-eks/<stack>
const platform = new pulumi.StackReference(config.require("platform"));

const vpcId = platform.requireOutput("vpcId") as pulumi.Output<string>;
// RDS needs subnets in two zones: the control plane's are.
const subnetIds = platform.requireOutput("controlPlaneSubnetIds") as pulumi.Output<string[]>;
const nodes = platform.requireOutput("nodeSecurityGroupId") as pulumi.Output<string>;
const kubeconfig = platform.requireOutput("kubeconfig") as pulumi.Output<string>;

const group = new aws.ec2.SecurityGroup("orders", { vpcId, description: "Database of orders" });
new aws.vpc.SecurityGroupIngressRule("orders", {
  securityGroupId: group.id,
  referencedSecurityGroupId: nodes,
  ipProtocol: "tcp",
  fromPort: 5432,
  toPort: 5432,
});
const subnets = new aws.rds.SubnetGroup("orders", { subnetIds });
const database = new aws.rds.Instance("orders", {
  engine: "postgres",
  instanceClass: "db.t4g.micro",
  allocatedStorage: 20,
  storageEncrypted: true,
  dbName: "orders",
  username: "orders",
  manageMasterUserPassword: true,
  dbSubnetGroupName: subnets.name,
  vpcSecurityGroupIds: [group.id],
  skipFinalSnapshot: true,
});

const cluster = new kubernetes.Provider("platform", { kubeconfig });
const labels = { app: "orders" };
new kubernetes.apps.v1.Deployment(
  "orders",
  {
    metadata: { namespace: "default", labels },
    spec: {
      replicas: 2,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          containers: [
            {
              name: "orders",
              image: "registry.example.com/orders:1.0.0",
              env: [{ name: "PGHOST", value: database.address }],
            },
          ],
        },
      },
    },
  },
  { provider: cluster },
);
