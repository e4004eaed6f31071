"""The words of the Core Business Vocabulary 2.0 (ISO/IEC 19988:2024) that stand in events as they are.

Other values are URIs of somebody's own; a word of these is spelled in no other way.
"""


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


BIZ_STEPS = _words(
    "accepting arriving assembling collecting commissioning consigning "
    "creating_class_instance cycle_counting decommissioning departing destroying "
    "disassembling dispensing encoding entering_exiting holding inspecting installing killing "
    "loading other packing picking receiving removing repackaging repairing replacing "
    "reserving retail_selling shipping staging_outbound stock_taking stocking storing "
    "transporting unloading unpacking void_shipping sensor_reporting sampling"
)
"""Business steps (CBV 2.0, section 7.1)."""
DISPOSITIONS = _words(
    "active container_closed damaged destroyed dispensed disposed encoded expired in_progress "
    "in_transit inactive no_pedigree_match non_sellable_other partially_dispensed recalled "
    "reserved retail_sold returned sellable_accessible sellable_not_accessible stolen unknown "
    "available completeness_verified completeness_inferred conformant container_open "
    "mismatch_instance mismatch_class mismatch_quantity needs_replacement non_conformant "
    "unavailable"
)
"""States of things (CBV 2.0, section 7.2)."""
TRANSACTION_TYPES = _words(
    "bol cert desadv inv pedigree po poc prodorder recadv rma testprd testres upevt"
)
"""Types of business transactions (CBV 2.0, section 7.3)."""
PARTY_TYPES = _words("owning_party possessing_party location")
"""What a source or destination is (CBV 2.0, section 7.4)."""
ERROR_REASONS = _words("did_not_occur incorrect_data")
"""Why an event was in error (CBV 2.0, section 7.5)."""
COMPONENTS = _words(
    "x y z axial_distance azimuth height spherical_radius polar_angle elevation_angle easting "
    "northing latitude longitude altitude"
)
"""Components of a measurement (CBV 2.0, section 7.6)."""
MEASUREMENTS = _words(
    "AbsoluteHumidity AbsorbedDose AbsorbedDoseRate Acceleration Radioactivity Altitude "
    "AmountOfSubstance AmountOfSubstancePerUnitVolume Angle AngularAcceleration "
    "AngularMomentum AngularVelocity Area Capacitance Conductance Conductivity Count Density "
    "Dimensionless DoseEquivalent DoseEquivalentRate DynamicViscosity ElectricCharge "
    "ElectricCurrent ElectricCurrentDensity ElectricFieldStrength Energy Exposure Force "
    "Frequency Illuminance Inductance Irradiance KinematicViscosity Length LinearMomentum "
    "Luminance LuminousFlux LuminousIntensity MagneticFlux MagneticFluxDensity "
    "MagneticVectorPotential Mass MassConcentration MassFlowRate MassPerAreaTime "
    "MemoryCapacity MolalityOfSolute MolarEnergy MolarMass MolarVolume Power Pressure "
    "RadiantFlux RadiantIntensity RelativeHumidity Resistance Resistivity SolidAngle "
    "SpecificVolume Speed SurfaceDensity SurfaceTension Temperature Time Torque Voltage "
    "Volume VolumeFlowRate VolumeFraction VolumetricFlux Wavenumber"
)
"""What sensors measure (GS1 Web Vocabulary)."""
ALERTS = _words("ALARM_CONDITION ERROR_CONDITION")
"""What sensors report as amiss (GS1 Web Vocabulary)."""

VERSIONS = {"GS1-EPCIS-Version": "2.0.0", "GS1-CBV-Version": "2.0.0"}
"""The headers by which answers say what they are of (EPCIS 2.0, section 12)."""
