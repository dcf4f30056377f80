"""This module holds the settings of the biometrics service."""

from pathlib import Path

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from biometrics.quality.gate import Gate
from hub.settings import HttpSettings, ServiceSettings, TokenSettings


class BiometricsSettings(ServiceSettings):
    """What the biometrics service needs to know."""

    # One number of the gate may be set, and the others stay.
    model_config = SettingsConfigDict(nested_model_default_partial_update=True)

    http: HttpSettings = HttpSettings(port=8030)
    tokens: TokenSettings = TokenSettings()
    jars: Path = Field(default=Path("jars"), description="The folder of the engine's jars.")
    heap_megabytes: int = Field(
        default=1024,
        ge=128,
        description="Memory of the JVM: about 22 kB an image (11 kB without views), 10 MB a search at the same time.",
    )
    views: bool = Field(
        default=True,
        description="Compare a drawn view of each image as well; false is the plain engine, in half the memory.",
    )
    threads: int = Field(default=4, ge=1, le=64, description="Calls into the engine that may run at once.")
    batch_threads: int = Field(
        default=2, ge=1, le=64, description="Further calls at once, kept for batches of `extract`."
    )
    quality_processes: int = Field(
        default=2,
        ge=0,
        le=64,
        description="Images whose quality may be measured at once, 150 MB of memory each; 0 measures none.",
    )
    gate: Gate = Field(default=Gate(), description="Which quality an image of which finger needs for which use.")
    wait_s: float = Field(
        default=10.0, gt=0, description="How long an answer waits for the gallery to read what it depends on."
    )
