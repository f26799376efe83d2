"""Workers as jobs of Slurm, by dask-jobqueue."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from dqplan.core.errors import UsageError

if TYPE_CHECKING:
    from dask_jobqueue import SLURMCluster

_SUBMIT_S = 60
"""For `sbatch` to answer; a slower one is waited for with the jobs."""
_LOOK_S = 0.05


@contextmanager
def slurm_cluster(jobs: int) -> Iterator[SLURMCluster]:
    """A scheduler in this process, and jobs of Slurm that report to it, as long as the block lasts.

    Queue, memory and time of each job are taken from dask-jobqueue's own configuration file.

    Raises:
        UsageError: dask-jobqueue is not installed or not configured, this machine has no Slurm, or Slurm refuses a job.
    """
    try:
        from dask_jobqueue import SLURMCluster
        from dask_jobqueue.slurm import SLURMJob
        from distributed.deploy.spec import ProcessInterface
    except ImportError as error:
        message = "--scheduler slurm needs dask-jobqueue"
        raise UsageError(message, hint="pip install 'dqplan[slurm]'") from error
    if not shutil.which(SLURMJob.submit_command):
        message = f"--scheduler slurm: there is no `{SLURMJob.submit_command}` on this machine"
        raise UsageError(message, hint="run dqplan where jobs are submitted, or use --workers")
    answers: list[str] = []

    class Job(SLURMJob):  # type: ignore[misc]
        """A job that says here whether Slurm took it: in the loop of its cluster, nobody would hear the error."""

        async def start(self) -> None:
            try:
                await super().start()
                answers.append("")
            except (OSError, RuntimeError, ValueError) as error:
                answers.append(_reason(error))
                await ProcessInterface.start(self)  # so that it can be closed with the others

        async def close(self) -> None:
            await super().close()
            await ProcessInterface.close(self)

    class Cluster(SLURMCluster):  # type: ignore[misc]
        """A cluster of such jobs."""

        job_cls = Job

    try:
        cluster = Cluster()
    except ValueError as error:  # cores or memory are not configured
        hint = "say what a job is in ~/.config/dask/jobqueue.yaml, under `jobqueue: slurm:`"
        raise UsageError(f"--scheduler slurm: {_first_line(error)}", hint=hint) from error
    with cluster:
        cluster.scale(jobs=jobs)
        end_s = time.monotonic() + _SUBMIT_S
        while len(answers) < jobs and not any(answers) and time.monotonic() < end_s:
            time.sleep(_LOOK_S)
        if refused := next(filter(None, answers), None):
            hint = "look at ~/.config/dask/jobqueue.yaml: queue, account, memory and walltime must be allowed"
            raise UsageError(f"--scheduler slurm: a job was not submitted: {refused}", hint=hint)
        yield cluster


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0].rstrip(":, ")


def _reason(error: Exception) -> str:
    """What `sbatch` said, of all that dask-jobqueue tells about it."""
    said = str(error).partition("stderr:\n")[2].strip()
    return " ".join(said.split()) or _first_line(error)
