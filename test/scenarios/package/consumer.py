"""A program of another team, in Python, run by the Automation API: up, a preview without a change, destroy."""

import json
import sys

import pulumi
from pulumi import automation


class EbpfCluster(pulumi.ComponentResource):
    """As the CLI would generate it from the package's schema, for the outputs that the program uses."""

    def __init__(self, name: str, props: dict):
        outputs = {"clusterName": None, "kubeconfig": None, "nodeSubnetIds": None}
        super().__init__("calico-ebpf-eks:index:EbpfCluster", name, {**outputs, **props}, None, True)

    @property
    @pulumi.getter(name="clusterName")
    def cluster_name(self):
        return pulumi.get(self, "clusterName")

    @property
    @pulumi.getter
    def kubeconfig(self):
        return pulumi.get(self, "kubeconfig")

    @property
    @pulumi.getter(name="nodeSubnetIds")
    def node_subnet_ids(self):
        return pulumi.get(self, "nodeSubnetIds")


def program():
    cluster = EbpfCluster("platform", json.loads(sys.argv[1]))
    pulumi.export("name", cluster.cluster_name)
    pulumi.export("kubeconfig", cluster.kubeconfig)
    pulumi.export("subnets", cluster.node_subnet_ids)


stack = automation.create_or_select_stack("dev", "team", program)
try:
    up = stack.up()
    preview = stack.preview()
    destroyed = stack.destroy()
    print(
        json.dumps(
            {
                "outputs": {key: value.value for key, value in up.outputs.items()},
                "secret": up.outputs["kubeconfig"].secret,
                "created": up.summary.resource_changes,
                "previewed": {str(op): count for op, count in preview.change_summary.items()},
                "destroyed": destroyed.summary.resource_changes,
            }
        )
    )
except automation.errors.CommandError as error:
    print(json.dumps({"error": str(error)}))
