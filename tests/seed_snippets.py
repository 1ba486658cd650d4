"""The Python examples of the Dcycle Logistics documentation, run against a Dray server.

The code between the marks "as documented" is that of the documentation, changed in nothing but the base URL; the key
and the organization come from the environment. Around it, the hubs that an example names are created first, and what
it got is looked at afterwards.

    DRAY_URL=http://127.0.0.1:8080 DCYCLE_API_KEY=... DCYCLE_ORG_ID=... python3 tests/seed_snippets.py
"""

import os
import time

import requests

BASE = os.environ["DRAY_URL"]
DCYCLE_API_KEY = os.environ["DCYCLE_API_KEY"]
DCYCLE_ORG_ID = os.environ["DCYCLE_ORG_ID"]

headers = {
    "x-api-key": DCYCLE_API_KEY,
    "x-organization-id": DCYCLE_ORG_ID,
    "Content-Type": "application/json",
}


def hub(name, address):
    """Creates a hub that an example names."""
    answer = requests.post(
        f"{BASE}/v1/logistic-hubs",
        headers=headers,
        json={"name": name, "type": "subcontracted", "category": "warehouse_ambient", "address": address},
    )
    assert answer.status_code == 201, answer.text


def package(package_key):
    """A package with its legs."""
    answer = requests.get(f"{BASE}/v1/logistics/packages?package_key={package_key}", headers=headers)
    assert answer.status_code == 200, answer.text
    (found,) = answer.json()["items"]
    return found


def close(one, other):
    """Whether two masses are the same but for the rounding of their sixth decimal."""
    return abs(one - other) < 1e-5


def create():
    # as documented
    def calculate_shipment_emissions(origin, destination, load_kg):
        """Calculate emissions for a shipment between two locations"""
        response = requests.post(
            f"{BASE}/v1/logistics/requests",
            headers=headers,
            json={
                "origin": origin,
                "destination": destination,
                "load": load_kg,
                "load_unit": "kg",
                "category": "road"
            }
        )

        result = response.json()
        return {
            "co2e": result["co2e"],
            "distance": result.get("distance_km")
        }

    # Example usage
    emissions = calculate_shipment_emissions(
        origin="Madrid, Spain",
        destination="Barcelona, Spain",
        load_kg=1500
    )
    print(f"Emissions: {emissions['co2e']} kg CO2e")
    # end
    assert emissions["co2e"] > 0
    assert 500 < emissions["distance"] < 800, emissions


def hub_names():
    hub("Madrid Distribution Center", "Calle Industrial 5, Madrid, Spain")
    hub("Barcelona Warehouse", "Barcelona, Spain")

    # as documented
    def calculate_hub_to_hub_emissions(origin_hub_name, destination_hub_name, load_kg):
        """Calculate emissions between two logistics hubs"""
        response = requests.post(
            f"{BASE}/v1/logistics/requests",
            headers=headers,
            json={
                "origin": origin_hub_name,        # Hub name
                "destination": destination_hub_name,  # Hub name
                "load": load_kg,
                "load_unit": "kg",
                "category": "road"
            }
        )

        result = response.json()
        return {
            "co2e": result["co2e"],
            "origin_resolved": result["origin"],      # Hub address
            "destination_resolved": result["destination"],  # Hub address
            "distance": result.get("distance_km")
        }

    # Example: Shipment between Madrid and Barcelona hubs
    emissions = calculate_hub_to_hub_emissions(
        origin_hub_name="Madrid Distribution Center",
        destination_hub_name="Barcelona Warehouse",
        load_kg=1500
    )
    print(f"From: {emissions['origin_resolved']}")
    print(f"To: {emissions['destination_resolved']}")
    print(f"Emissions: {emissions['co2e']} kg CO2e")
    # end
    assert emissions["origin_resolved"] == "Calle Industrial 5, Madrid, Spain"
    assert emissions["destination_resolved"] == "Barcelona, Spain"
    assert emissions["co2e"] > 0

    # as documented
    # Hub to customer address
    response = requests.post(
        f"{BASE}/v1/logistics/requests",
        headers=headers,
        json={
            "origin": "Madrid Distribution Center",  # Hub name
            "destination": "Customer Address, Barcelona, Spain",  # Regular address
            "load": 25,
            "load_unit": "kg",
            "category": "road"
        }
    )
    # end
    assert response.status_code == 200, response.text
    assert response.json()["destination"] == "Customer Address, Barcelona, Spain"


def known_distance():
    # as documented
    def calculate_with_distance(distance_km, load_kg, country="GLO"):
        """Calculate emissions when distance is already known"""
        response = requests.post(
            f"{BASE}/v1/logistics/requests",
            headers=headers,
            json={
                "distance_km": distance_km,
                "load": load_kg,
                "load_unit": "kg",
                "category": "road",
                "origin_country": country  # For regional emission factors
            }
        )

        return response.json()

    # Example: 500km shipment in Spain
    result = calculate_with_distance(500, 1000, "ES")
    print(f"CO2e: {result['co2e']} kg")
    # end
    assert result["tkm"] == 500
    assert result["co2e"] > 0


def compare_modes():
    # as documented
    def compare_transport_modes(origin, destination, load):
        """Compare emissions for different transport modes"""
        modes = ["road", "rail", "air", "maritime"]
        results = {}

        for mode in modes:
            response = requests.post(
                f"{BASE}/v1/logistics/requests",
                headers=headers,
                json={
                    "origin": origin,
                    "destination": destination,
                    "load": load,
                    "load_unit": "kg",
                    "category": mode
                }
            )

            if response.status_code == 200:
                data = response.json()
                results[mode] = data["co2e"]

        return results

    # Compare modes for Barcelona to Madrid shipment
    comparison = compare_transport_modes(
        "Barcelona, Spain",
        "Madrid, Spain",
        1000
    )

    for mode, emissions in comparison.items():
        print(f"{mode}: {emissions:.2f} kg CO2e")
    # end
    assert {"road", "rail", "air"} <= comparison.keys(), comparison
    assert comparison["rail"] < comparison["road"] < comparison["air"], comparison


def tracked_shipment():
    # as documented
    def create_tracked_shipment(shipment_data):
        """Create a shipment with full traceability for logistics providers"""
        response = requests.post(
            f"{BASE}/v1/logistics/requests",
            headers=headers,
            json={
                # Core emission parameters
                "origin": shipment_data["origin"],
                "destination": shipment_data["destination"],
                "load": shipment_data["weight_kg"],
                "load_unit": "kg",
                "category": "road",
                "origin_country": "ES",

                # Traceability parameters
                "movement_id": shipment_data["tracking_number"],
                "client": shipment_data["client_code"],
                "shipment_date": shipment_data["date"],
                "movement_stretch": shipment_data.get("stretch", "delivery"),
                "movement_stage": shipment_data.get("stage", "last_mile"),
                "vehicle_license_plate": shipment_data.get("vehicle_plate"),
                "trailer_license_plate": shipment_data.get("trailer_plate"),
                "subcontractor": shipment_data.get("is_subcontracted", False),
            }
        )

        return response.json()

    # Example: Correos Express shipment
    shipment = create_tracked_shipment({
        "tracking_number": "CE-2024-987654",
        "client_code": "CORREOS-EXPRESS",
        "origin": "Centro Logistico Madrid, Spain",
        "destination": "Barcelona, Spain",
        "weight_kg": 25,
        "date": "2024-11-25",
        "stretch": "hub_to_destination",
        "stage": "delivery",
        "vehicle_plate": "1234-ABC",
        "is_subcontracted": False
    })

    print(f"Tracking: {shipment['movement_id']}")
    print(f"CO2e: {shipment['co2e']} kg")
    # end
    assert shipment["movement_id"] == "CE-2024-987654"
    assert shipment["trailer_license_plate"] is None
    assert shipment["co2e"] > 0


def bulk():
    shipments = [
        {"distance_km": 100 * n, "load": 1000, "category": "road", "movement_id": f"BULK-{n}"} for n in range(1, 4)
    ] + [{"distance_km": 100, "load": 1000}]

    # as documented
    # For bulk processing, use the dedicated bulk endpoint
    response = requests.post(
        f"{BASE}/v1/logistics/requests/bulk",
        headers=headers,
        json={
            "records": shipments,  # List of up to 5,000 records
            "options": {"continue_on_error": True}
        }
    )

    result = response.json()
    print(f"Processed: {result['success']}/{result['total_received']}")
    print(f"Total CO2e: {sum(r['co2e'] for r in result['results']):.2f} kg")
    # end
    assert (result["success"], result["failed"], result["total_received"]) == (3, 1, 4), result
    assert [error["index"] for error in result["errors"]] == [3]


def single_package():
    hub("Madrid Hub", "Madrid, Spain")

    # as documented
    # Create a leg associated with a package
    response = requests.post(
        f"{BASE}/v1/logistics/requests",
        headers=headers,
        json={
            "origin": "Madrid Hub",
            "destination": "Customer Address, Madrid",
            "load": 5,
            "load_unit": "kg",
            "category": "road",

            # Package tracking
            "movement_id": "SHIP-2024-001",      # Shipment identifier
            "package_key": "PKG-2024-000001",    # Unique package identifier

            # Optional
            "client": "AMAZON",
            "shipment_date": "2024-11-25",
        }
    )

    result = response.json()
    print(f"Package {result['package_key']} - CO2e: {result['co2e']} kg")
    # end
    found = package("PKG-2024-000001")
    assert found["id"] == result["package_id"]
    assert close(found["total_co2e"], result["co2e"]), found


def three_packages():
    # as documented
    def create_shipment_with_packages(movement_id: str, packages: list):
        """
        Create a shipment with multiple packages.
        Each package is a single-leg delivery in this example.
        """
        results = []

        for pkg in packages:
            response = requests.post(
                f"{BASE}/v1/logistics/requests",
                headers=headers,
                json={
                    "origin": pkg["origin"],
                    "destination": pkg["destination"],
                    "load": pkg["weight_kg"],
                    "load_unit": "kg",
                    "category": "road",

                    # Same movement_id groups all packages into one shipment
                    "movement_id": movement_id,
                    # Each package has unique key
                    "package_key": pkg["package_key"],

                    "client": pkg.get("client", "DEFAULT"),
                }
            )
            results.append(response.json())

        return results

    # Example: Shipment with 3 packages going to different destinations
    packages = [
        {"package_key": "PKG-001", "origin": "Madrid Hub", "destination": "Address A, Madrid", "weight_kg": 2, "client": "AMAZON"},
        {"package_key": "PKG-002", "origin": "Madrid Hub", "destination": "Address B, Madrid", "weight_kg": 5, "client": "AMAZON"},
        {"package_key": "PKG-003", "origin": "Madrid Hub", "destination": "Address C, Madrid", "weight_kg": 1, "client": "AMAZON"},
    ]

    results = create_shipment_with_packages("SHIP-2024-100", packages)

    total_co2e = sum(r['co2e'] for r in results)
    print(f"Shipment SHIP-2024-100: {len(results)} packages, {total_co2e:.2f} kg CO2e total")

    # Later, retrieve all packages for this shipment:
    # GET /v1/logistics/packages?movement_id=SHIP-2024-100
    # end
    answer = requests.get(f"{BASE}/v1/logistics/packages?movement_id=SHIP-2024-100", headers=headers)
    found = answer.json()
    assert found["total"] == 3, found
    assert {item["package_key"] for item in found["items"]} == {"PKG-001", "PKG-002", "PKG-003"}
    assert close(sum(item["total_co2e"] for item in found["items"]), total_co2e)


def three_legs():
    hub("Valencia Hub", "Valencia, Spain")
    hub("Barcelona Hub", "Barcelona, Spain")

    # as documented
    def track_package_journey(package_key: str, movement_id: str, legs: list):
        """
        Track a package through multiple legs.

        Args:
            package_key: Unique package identifier
            movement_id: Shipment identifier (groups packages)
            legs: List of leg data (origin, destination, load, etc.)
        """
        results = []

        for leg in legs:
            response = requests.post(
                f"{BASE}/v1/logistics/requests",
                headers=headers,
                json={
                    # Core parameters
                    "origin": leg["origin"],
                    "destination": leg["destination"],
                    "load": leg["load_kg"],
                    "load_unit": "kg",
                    "category": leg.get("category", "road"),

                    # Package tracking
                    "package_key": package_key,
                    "movement_id": movement_id,

                    # Optional traceability
                    "client": leg.get("client"),
                    "shipment_date": leg.get("date"),
                }
            )
            results.append(response.json())

        return results

    # Example: Package traveling through 3 legs
    legs = [
        {"origin": "Madrid Hub", "destination": "Valencia Hub", "load_kg": 15},
        {"origin": "Valencia Hub", "destination": "Barcelona Hub", "load_kg": 15},
        {"origin": "Barcelona Hub", "destination": "Final Address, Barcelona", "load_kg": 15},
    ]

    results = track_package_journey(
        package_key="PKG-2024-123456",
        movement_id="SHIP-2024-001",
        legs=legs
    )

    # Get aggregated package data
    package_response = requests.get(
        f"{BASE}/v1/logistics/packages?movement_id=SHIP-2024-001",
        headers=headers
    )
    print(f"Total package emissions: {package_response.json()['items'][0]['total_co2e']} kg CO2e")
    # end
    newest = package_response.json()["items"][0]
    assert newest["package_key"] == "PKG-2024-123456", newest
    assert close(newest["total_co2e"], sum(leg["co2e"] for leg in results))
    assert len(package("PKG-2024-123456")["legs"]) == 3


def version_2():
    # as documented
    response = requests.post(
        f"{BASE}/v2/logistics/requests",
        headers={
            "x-api-key": DCYCLE_API_KEY,
            "x-organization-id": DCYCLE_ORG_ID,
        },
        json={
            "origin": "Madrid, Spain",
            "destination": "Barcelona, Spain",
            "origin_country": "ES",
            "load": 1000,
            "load_unit": "kg",
            "toc": "truck_diesel",
            "year": 2024,
        },
    )
    data = response.json()
    print(data["id"], data["co2e"])  # co2e is None while the async calculation is pending
    # end
    assert (data["co2e"], data["distance_km"], data["tkm"]) == (None, None, None), data


def version_2_bulk():
    # as documented
    response = requests.post(
        f"{BASE}/v2/logistics/requests/bulk",
        headers={
            "x-api-key": DCYCLE_API_KEY,
            "x-organization-id": DCYCLE_ORG_ID,
        },
        json={
            "records": [
                {
                    "origin": "Madrid, Spain",
                    "destination": "Barcelona, Spain",
                    "origin_country": "ES",
                    "load": 1000,
                    "load_unit": "kg",
                    "toc": "truck_diesel",
                    "movement_id": "SHIP-001",
                }
            ],
            "options": {"continue_on_error": True},
        },
    )
    result = response.json()
    print(f"Accepted {result['success']}/{result['total_received']} records for async calculation")
    # end
    assert (result["success"], result["total_received"]) == (1, 1), result
    assert result["results"][0]["co2e"] is None
    for _look in range(300):
        answer = requests.get(f"{BASE}/v1/logistics/requests?search=SHIP-001", headers=headers)
        (leg,) = answer.json()["items"]
        if leg["kgco2e"] is not None:
            break
        time.sleep(0.1)
    assert leg["kgco2e"] > 0 and leg["distance_km"] > 0, leg


EXAMPLES = [
    create,
    hub_names,
    known_distance,
    compare_modes,
    tracked_shipment,
    bulk,
    single_package,
    three_packages,
    three_legs,
    version_2,
    version_2_bulk,
]

if __name__ == "__main__":
    for example in EXAMPLES:
        print(f"== {example.__name__.replace('_', ' ')}")
        example()
    print(f"{len(EXAMPLES)} examples passed")
